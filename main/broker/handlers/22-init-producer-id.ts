import { Errors, initProducerId } from '../../protocol/messages/index.ts';
import { handler } from '../server/handler.ts';

/** Durable before it is given out: no id is ever given twice. */
export interface ProducerIds {
  next(): Promise<bigint>;
}

export const initProducerIdHandler = (producerIds: ProducerIds) =>
  handler<typeof initProducerId>({
    api: initProducerId,
    gap: 'Transactions are not served yet: a transactional id is answered with TRANSACTIONAL_ID_AUTHORIZATION_FAILED, at which clients give up at once. Without one every request gets a new id, whatever id and epoch it brings.',
    async handle(request) {
      if (request.transactionalId !== null)
        return { errorCode: Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, producerId: -1n, producerEpoch: -1 };
      return { errorCode: Errors.NONE, producerId: await producerIds.next(), producerEpoch: 0 };
    },
  });

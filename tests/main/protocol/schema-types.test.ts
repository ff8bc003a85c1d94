import { expectTypeOf, test } from 'vitest';
import type { fetch, findCoordinator, metadata, produce } from '../../../main/protocol/messages/index.ts';
import type { RequestInput, RequestOf, ResponseInput, ResponseOf } from '../../../main/protocol/schema/api.ts';

test('the types of a message follow from its table', () => {
  type Produce = RequestOf<typeof produce>;
  expectTypeOf<Produce['transactionalId']>().toEqualTypeOf<string | null>();
  expectTypeOf<Produce['topicData'][0]['partitionData'][0]['records']>().toEqualTypeOf<Buffer | null>();
  expectTypeOf<Produce['topicData'][0]['topicId']>().toEqualTypeOf<string>();
  type Fetch = ResponseOf<typeof fetch>;
  expectTypeOf<Fetch['responses'][0]['partitions'][0]['highWatermark']>().toEqualTypeOf<bigint>();
  expectTypeOf<Fetch['responses'][0]['partitions'][0]['currentLeader']>().toEqualTypeOf<{
    leaderId: number;
    leaderEpoch: number;
  }>();
  type Metadata = RequestOf<typeof metadata>;
  expectTypeOf<Metadata['topics']>().toEqualTypeOf<{ topicId: string; name: string | null }[] | null>();
});

test('what an encoder needs is what every version has and nothing gives by itself', () => {
  expectTypeOf<{ errorCode: number; nodeId: number; host: string; port: number }>().toExtend<
    ResponseInput<typeof findCoordinator>
  >();
  expectTypeOf<{ acks: number; timeoutMs: number; topicData: [] }>().toExtend<RequestInput<typeof produce>>();
  expectTypeOf<{ acks: number; timeoutMs: number }>().not.toExtend<RequestInput<typeof produce>>();
  // Several stretches of log go out one after another.
  type Records = NonNullable<ResponseInput<typeof fetch>['responses'][0]['partitions'][0]['records']>;
  expectTypeOf<Uint8Array[]>().toExtend<Records>();
});

test('a misspelt or missing field is a compile error', () => {
  const encodable = (_: RequestInput<typeof produce>) => undefined;
  // @ts-expect-error acknowledgements are `acks`
  encodable({ ack: 1, timeoutMs: 0, topicData: [] });
  // @ts-expect-error int64 and bytes are not text
  encodable({ acks: 1, timeoutMs: 0, topicData: [{ partitionData: [{ index: 0, records: 'x' }] }] });
});

import {
  apiVersions,
  describeCluster,
  metadata,
  saslAuthenticate,
  saslHandshake,
} from '../../../../main/protocol/messages/index.ts';
import type { Api, RequestInput, ResponseOf } from '../../../../main/protocol/schema/api.ts';
import { casesOf, differing } from '../behaviour.ts';
import { SASL_PASSWORD, SASL_USER } from '../brokers.ts';
import { CLOSED, type PlayedBroker } from '../played-broker.ts';

type Asks = <A extends Api>(api: A, version: number, body: RequestInput<A>) => Promise<ResponseOf<A> | typeof CLOSED>;

/** A connection to the listener that wants to know who is there. */
async function saslConnection(broker: PlayedBroker): Promise<Asks> {
  const client = await broker.client(broker.broker.saslPort);
  return (api, version, body) =>
    client.request(api, version, body, 'suite').catch((error: Error) => {
      if (error.message === 'The connection was closed') return CLOSED;
      throw error;
    });
}

const handshake = async (ask: Asks, mechanism: string, version = 1) => {
  const answer = await ask(saslHandshake, version, { mechanism });
  // Kafka's order is that of a hash table.
  return answer === CLOSED ? answer : { ...answer, mechanisms: answer.mechanisms.sort() };
};
const plain = (user: string, password: string, as = '') => Buffer.from(`${as}\0${user}\0${password}`);

async function authenticate(ask: Asks, authBytes: Buffer, version = 2) {
  const answer = await ask(saslAuthenticate, version, { authBytes });
  // What a SCRAM server sends is random.
  return answer === CLOSED ? answer : { ...answer, authBytes: answer.authBytes.length > 0 ? 'some' : '' };
}

const whoIsThere = async (ask: Asks) => {
  const answer = await ask(describeCluster, 1, { includeClusterAuthorizedOperations: false });
  return answer === CLOSED ? answer : answer.errorCode;
};

export const SASL_CASES = [
  ...casesOf('SaslHandshake', {
    ...Object.fromEntries(
      ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => [
        `${mechanism} is served`,
        async (broker: PlayedBroker) => handshake(await saslConnection(broker), mechanism),
      ]),
    ),
    'version 0 is answered': async (broker) => handshake(await saslConnection(broker), 'PLAIN', 0),
    'a mechanism that is not served is told, and the connection ends': async (broker) => {
      const ask = await saslConnection(broker);
      return [await handshake(ask, 'NOPE'), await whoIsThere(ask)];
    },
    'a mechanism in small letters is none': async (broker) => handshake(await saslConnection(broker), 'plain'),
    'where nobody is asked it is out of place': async (broker) => {
      const { errorCode } = await broker.ask(saslHandshake, 1, { mechanism: 'PLAIN' });
      return errorCode;
    },
    'twice is once too often': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return handshake(ask, 'PLAIN');
    },
    'the versions may be asked for before': async (broker) => {
      const ask = await saslConnection(broker);
      const versions = await ask(apiVersions, 3, { clientSoftwareName: 'suite', clientSoftwareVersion: '1' });
      return [versions === CLOSED ? versions : versions.errorCode, await handshake(ask, 'PLAIN')];
    },
  }),
  ...casesOf('SaslAuthenticate', {
    ...Object.fromEntries(
      [0, 1, 2].map((version) => [
        `version ${version}: PLAIN with the right password`,
        async (broker: PlayedBroker) => {
          const ask = await saslConnection(broker);
          await handshake(ask, 'PLAIN');
          return [await authenticate(ask, plain(SASL_USER, SASL_PASSWORD), version), await whoIsThere(ask)];
        },
      ]),
    ),
    'PLAIN with a wrong password, and the connection ends': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return [await authenticate(ask, plain(SASL_USER, 'wrong')), await whoIsThere(ask)];
    },
    'PLAIN with somebody who is not known': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return authenticate(ask, plain('bob', SASL_PASSWORD));
    },
    'PLAIN in the name of oneself': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return authenticate(ask, plain(SASL_USER, SASL_PASSWORD, SASL_USER));
    },
    'PLAIN in the name of another': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return authenticate(ask, plain(SASL_USER, SASL_PASSWORD, 'bob'));
    },
    'PLAIN without a password': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return authenticate(ask, plain(SASL_USER, ''));
    },
    'PLAIN without a user': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return authenticate(ask, plain('', SASL_PASSWORD));
    },
    'PLAIN with too few parts': async (broker) => {
      const ask = await saslConnection(broker);
      await handshake(ask, 'PLAIN');
      return authenticate(ask, Buffer.from('alice'));
    },
    ...Object.fromEntries(
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        [
          `${mechanism}: the first message is answered`,
          async (broker: PlayedBroker) => {
            const ask = await saslConnection(broker);
            await handshake(ask, mechanism);
            return authenticate(ask, Buffer.from(`n,,n=${SASL_USER},r=abcdef`));
          },
        ],
        [
          `${mechanism}: a wrong proof`,
          async (broker: PlayedBroker) => {
            const ask = await saslConnection(broker);
            await handshake(ask, mechanism);
            const first = await ask(saslAuthenticate, 2, { authBytes: Buffer.from(`n,,n=${SASL_USER},r=abcdef`) });
            if (first === CLOSED) return first;
            const nonce = /r=([^,]+)/.exec(first.authBytes.toString())?.[1];
            const proof = Buffer.alloc(mechanism.endsWith('256') ? 32 : 64, 7).toString('base64');
            return authenticate(ask, Buffer.from(`c=biws,r=${nonce},p=${proof}`));
          },
        ],
        [
          `${mechanism}: bytes that are no message`,
          async (broker: PlayedBroker) => {
            const ask = await saslConnection(broker);
            await handshake(ask, mechanism);
            return authenticate(ask, Buffer.from('hello'));
          },
        ],
      ]),
    ),
    'without a handshake the connection ends': differing(
      async (broker) => authenticate(await saslConnection(broker), plain(SASL_USER, SASL_PASSWORD)),
      {
        sandbox: { errorCode: 34, errorMessage: 'SaslHandshake comes first', authBytes: '', sessionLifetimeMs: 0n },
        why: 'a client that leaves out SaslHandshake is told so before the connection ends',
      },
    ),
    'where nobody is asked it is out of place': async (broker) => {
      const { errorCode } = await broker.ask(saslAuthenticate, 2, { authBytes: plain(SASL_USER, SASL_PASSWORD) });
      return errorCode;
    },
    'another request before it ends the connection': async (broker) => {
      const ask = await saslConnection(broker);
      return ask(metadata, 9, { topics: [], allowAutoTopicCreation: false });
    },
    'another request instead of it ends the connection': differing(
      async (broker) => {
        const ask = await saslConnection(broker);
        await handshake(ask, 'PLAIN');
        return whoIsThere(ask);
      },
      {
        sandbox: CLOSED,
        why: 'before it knows who is there the sandbox reads nothing of other requests: the connection ends without an answer',
      },
    ),
  }),
];

import { APIS, apiVersions } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';

const ask = (broker: PlayedBroker, version: number, clientSoftwareName = 'suite', clientSoftwareVersion = '1.0') =>
  broker.ask(apiVersions, version, { clientSoftwareName, clientSoftwareVersion });

/** What stands in a frame with a client id `x`, behind it a body. */
function frameOf(apiKey: number, apiVersion: number, body: Buffer): Buffer {
  const header = Buffer.from('0000000000000000000000000001', 'hex');
  header.writeInt32BE(header.length + 1 + body.length - 4, 0);
  header.writeInt16BE(apiKey, 4);
  header.writeInt16BE(apiVersion, 6);
  header.writeInt32BE(77, 8);
  return Buffer.concat([header, Buffer.from('x'), body]);
}

/** Sends bytes as they are; what comes back until the connection ends or a first answer is there. */
export async function sendFrame(broker: PlayedBroker, bytes: Buffer) {
  const client = await broker.client();
  client.send(bytes);
  const answered = broker.until(
    () => Promise.resolve(client.strays.length),
    (count) => count > 0,
  );
  await Promise.race([client.closed, answered]);
  return client.strays.length > 0 ? client.strays : 'closed';
}

const unknownVersion = (version: number) => async (broker: PlayedBroker) => {
  const client = await broker.client();
  client.send(frameOf(18, version, Buffer.alloc(1)));
  await broker.until(
    () => Promise.resolve(client.strays.length),
    (count) => count > 0,
  );
  const answer = client.strays[0]!;
  // In version 0, whatever was asked for: correlation id, error, and the range of ApiVersions itself to go on with.
  const count = answer.readInt32BE(6);
  const ranges = Array.from({ length: count }, (_, i) => [0, 2, 4].map((at) => answer.readInt16BE(10 + 6 * i + at)));
  return {
    correlationId: answer.readInt32BE(0),
    errorCode: answer.readInt16BE(4),
    apiVersions: ranges.find(([key]) => key === 18),
    rest: answer.length - 10 - 6 * count,
  };
};

/** WriteTxnMarkers and ListPartitionReassignments are for brokers of a cluster: the page of differences lists them. */
const NOT_SERVED: ReadonlySet<number> = new Set([27, 46]);

export const API_VERSIONS_CASES = casesOf('ApiVersions', {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4].map((version) => [
      `version ${version} is answered`,
      async (broker: PlayedBroker) => {
        const {
          apiKeys: _,
          supportedFeatures: __,
          finalizedFeatures: ___,
          finalizedFeaturesEpoch: ____,
          ...rest
        } = await ask(broker, version);
        return rest;
      },
    ]),
  ),
  ...Object.fromEntries(
    APIS.filter(({ key }) => !NOT_SERVED.has(key)).map(({ key, name }) => [
      `the range of ${name}`,
      async (broker: PlayedBroker) => (await ask(broker, 4)).apiKeys.find(({ apiKey }) => apiKey === key),
    ]),
  ),
  'nothing is announced that Kafka does not have': async (broker) =>
    (await ask(broker, 4)).apiKeys.filter(({ apiKey }) => apiKey > 92).length,
  'version 5, which nobody has, is answered in version 0': unknownVersion(5),
  'version 32767 too': unknownVersion(32767),
  'a negative version too': unknownVersion(-1),
  'the finalized version of groups': async (broker) =>
    (await ask(broker, 4)).finalizedFeatures.filter(({ name }) => name === 'group.version'),
  'the supported versions of groups': async (broker) =>
    (await ask(broker, 4)).supportedFeatures.filter(({ name }) => name === 'group.version'),
  'the finalized version of transactions': async (broker) =>
    (await ask(broker, 4)).finalizedFeatures.filter(({ name }) => name === 'transaction.version'),
  'features in version 3, which does not show those that begin at 0': async (broker) =>
    (await ask(broker, 3)).supportedFeatures.filter(({ name }) => name === 'group.version'),
  ...Object.fromEntries(
    ['', 'apache-kafka-java', 'a.b-c', '-a', 'a-', '.', 'a b', 'ä', 'a_b', 'x'.repeat(300)].map((name) => [
      `a client that is called ${JSON.stringify(name.slice(0, 30))}`,
      async (broker: PlayedBroker) => (await ask(broker, 3, name)).errorCode,
    ]),
  ),
  ...Object.fromEntries(
    ['', '1.2.3', '1..2', '-1', 'v 1'].map((version) => [
      `a client of version ${JSON.stringify(version)}`,
      async (broker: PlayedBroker) => (await ask(broker, 3, 'client', version)).errorCode,
    ]),
  ),
  'twice on one connection': async (broker) => [(await ask(broker, 4)).errorCode, (await ask(broker, 0)).errorCode],
  'an API that nobody has ends the connection': (broker) => sendFrame(broker, frameOf(999, 0, Buffer.alloc(0))),
  'a negative API ends the connection': (broker) => sendFrame(broker, frameOf(-1, 0, Buffer.alloc(0))),
  'a body that is cut short ends the connection': (broker) =>
    sendFrame(broker, frameOf(3, 1, Buffer.from('0000', 'hex'))),
  'a body with a count that can’t be ends the connection': (broker) =>
    sendFrame(broker, frameOf(3, 1, Buffer.from('7fffffff', 'hex'))),
  'a frame of no bytes': (broker) => sendFrame(broker, Buffer.alloc(4)),
  'a frame of a negative length': (broker) => sendFrame(broker, Buffer.from('ffffffff', 'hex')),
  'a frame longer than any': (broker) => sendFrame(broker, Buffer.from('7fffffff', 'hex')),
  HTTP: (broker) => sendFrame(broker, Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')),
  'a TLS hello': (broker) => sendFrame(broker, Buffer.from('16030100a5010000a10303', 'hex')),
});

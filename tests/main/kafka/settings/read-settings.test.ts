import { expect, test, vi } from 'vitest';
import type { ClientConfig } from '../../../../main/kafka/api.ts';
import { kafkaClients } from '../../../../main/kafka/index.ts';
import { SETTINGS } from '../../../../main/kafka/settings/client-settings.ts';
import { CLIENTS, type Client, type Setting } from '../../../../main/kafka/settings/setting.ts';
import { silentLogger } from '../../../../main/logging.ts';
import { systemTime } from '../../../../main/time.ts';

/** Names that a client has looked at since it was made. */
const looked = vi.hoisted(() => new Map<string, Set<string>>());

vi.mock('../../../../main/kafka/client-config.ts', async (original) => {
  const real = await original<typeof import('../../../../main/kafka/client-config.ts')>();
  return {
    ...real,
    parseClientConfig: (client: Client, config: ClientConfig) => {
      const parsed = real.parseClientConfig(client, config);
      const names = looked.get(client) ?? new Set();
      looked.set(client, names);
      const options = new Proxy(parsed.options, {
        get: (target, name) => {
          names.add(String(name));
          return Reflect.get(target, name);
        },
      });
      return { ...parsed, options };
    },
  };
});

const OAUTH = 'org.apache.kafka.common.security.oauthbearer';
const base = { 'bootstrap.servers': '127.0.0.1:1' };
const configs: ClientConfig[] = [
  base,
  { ...base, 'security.protocol': 'SSL', 'ssl.enabled.protocols': '' },
  {
    ...base,
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': 'org.apache.kafka.common.security.plain.PlainLoginModule required username=u password=p;',
  },
  {
    ...base,
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.login.callback.handler.class': `${OAUTH}.OAuthBearerLoginCallbackHandler`,
    'sasl.oauthbearer.token.endpoint.url': 'http://127.0.0.1:1/',
    'sasl.jaas.config': `${OAUTH}.OAuthBearerLoginModule required clientId=c clientSecret=s;`,
  },
];

test('every setting that counts as used is looked at by the client', async () => {
  const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: () => 0.5 });
  const ignore = () => {
    // No broker is there.
  };
  const closing: Promise<unknown>[] = [];
  const record = { topic: 't', key: null, value: Buffer.from('x') };
  for (const config of [...configs, { ...base, 'compression.type': 'gzip' }, { ...base, 'compression.type': 'zstd' }]) {
    const producer = clients.producer(config);
    producer.send(record);
    closing.push(producer.close(0));
  }
  for (const config of configs) {
    const consumer = clients.consumer({ ...config, 'group.id': 'g' });
    consumer.subscribe(['t']);
    consumer.commit([{ topic: 't', partition: 0, offset: 1n }]).catch(ignore);
    closing.push(consumer.poll(0).then(() => consumer.close()));
    closing.push(clients.partitionReader(config).close());
    const admin = clients.admin(config);
    admin.deleteTopics(['t']).catch(ignore);
    closing.push(admin.close());
  }
  await Promise.all(closing);
  for (const client of CLIENTS) {
    const used = Object.entries<Setting>(SETTINGS).flatMap(([name, { clients: of }]) =>
      of.includes(client) ? name : [],
    );
    const ignored = used.filter((name) => !looked.get(client)?.has(name) && name !== 'transactional.id');
    expect([client, ignored]).toEqual([client, []]);
  }
});

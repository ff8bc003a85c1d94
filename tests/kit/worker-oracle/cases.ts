/** A question to Connect's own classes; `tests/fixtures/java/WorkerOracle.java` has the answers. */
export type WorkerQuestion =
  /** All keys of the worker's ConfigDef. */
  | { kind: 'keys'; mode: 'standalone' | 'distributed' }
  /** The values of the given keys, as text; or what is wrong with them. */
  | { kind: 'worker'; config: Settings }
  /** What a Kafka client of the connector `c` is made with. */
  | {
      kind: 'client';
      client: 'producer' | 'consumer' | 'admin';
      clientId: string;
      config: Settings;
      connector: Settings;
    }
  /** The errors of each override of a connector. */
  | { kind: 'policy'; policy: 'All' | 'None' | 'Principal' | 'Allowlist'; config: Settings; overrides: Settings }
  /** The file of a standalone worker's offset store that holds these entries, Base64. */
  | { kind: 'offsets-file'; entries: readonly (readonly [key: string | null, value: string | null])[] };

type Settings = Readonly<Record<string, string>>;

export interface JavaKey {
  name: string;
  type: string;
  importance: string;
  /** Absent: required. */
  default?: string | null;
  validator?: string;
}

export type WorkerAnswer = { ok: unknown } | { error: readonly [javaClass: string, message: string] };

/** Files of the standalone worker's offsets, by what is special in them. */
export const OFFSETS_FILES = {
  'one connector': { kind: 'offsets-file', entries: [['["src",{"filename":"/tmp/in.txt"}]', '{"position":6}']] },
  nothing: { kind: 'offsets-file', entries: [] },
  'several connectors, one reset': {
    kind: 'offsets-file',
    entries: [
      ['["src",{"filename":"/tmp/in.txt"}]', '{"position":9223372036854775807}'],
      ['["src",{"filename":"/tmp/other.txt"}]', null],
      [
        '["jdbc ü",{"protocol":"1","table":"a.b"}]',
        '{"incrementing":968476484095610881,"ts":1.5,"snapshot":true,"x":null}',
      ],
      ['["MirrorSourceConnector",{"cluster":"a","partition":0,"topic":"t"}]', '{"offset":7}'],
    ],
  },
  'keys that are of nobody': {
    kind: 'offsets-file',
    entries: [
      [null, '{"position":1}'],
      ['["a"]', '{"position":1}'],
      ['{"a":1}', '{"position":1}'],
      ['["a",null]', '{"position":1}'],
      ['["a",{"p":1}]', '{"position":1}'],
    ],
  },
} as const satisfies Record<string, WorkerQuestion>;

export const STANDALONE_KEYS = { kind: 'keys', mode: 'standalone' } as const satisfies WorkerQuestion;
export const DISTRIBUTED_KEYS = { kind: 'keys', mode: 'distributed' } as const satisfies WorkerQuestion;

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
export const WORKER_BASE = {
  'bootstrap.servers': 'localhost:9092',
  'key.converter': JSON_CONVERTER,
  'value.converter': JSON_CONVERTER,
  'offset.storage.file.filename': '/tmp/connect.offsets',
} as const;

/** One setting of a worker that is otherwise right; null: without it. */
const WORKER_VALUES: readonly (readonly [key: string, value: string | null])[] = [
  ['bootstrap.servers', null],
  ['bootstrap.servers', ''],
  ['bootstrap.servers', 'a:1,b:2'],
  ['bootstrap.servers', ' a:1 , b:2 '],
  ['key.converter', null],
  ['value.converter', null],
  ['offset.storage.file.filename', null],
  ['offset.flush.interval.ms', 'soon'],
  ['offset.flush.interval.ms', ' 10 '],
  ['offset.flush.interval.ms', '9223372036854775808'],
  ['offset.flush.interval.ms', ''],
  ['offset.flush.timeout.ms', '1.5'],
  ['task.shutdown.graceful.timeout.ms', '1e3'],
  ['topic.creation.enable', 'yes'],
  ['topic.creation.enable', 'TRUE'],
  ['topic.tracking.enable', ''],
  ['topic.tracking.allow.reset', '1'],
  ['rest.advertised.port', 'x'],
  ['rest.advertised.port', '2147483648'],
  ['client.dns.lookup', 'default'],
  ['client.dns.lookup', 'use_all_dns_ips'],
  ['plugin.discovery', 'none'],
  ['plugin.discovery', 'SERVICE_LOAD'],
  ['metrics.num.samples', '0'],
  ['metrics.num.samples', 'two'],
  ['metrics.recording.level', 'TRACE'],
  ['metrics.sample.window.ms', '-1'],
  ['connector.client.config.override.policy', 'Principal'],
  ['config.providers', 'file,env'],
];

export const WORKER_CASES = WORKER_VALUES.map(([key, value]) => {
  const { [key]: _, ...rest } = WORKER_BASE as Settings;
  return { kind: 'worker', config: value === null ? rest : { ...rest, [key]: value } } as const;
});

const SETTINGS = {
  ...WORKER_BASE,
  'bootstrap.servers': 'a:1',
  'producer.linger.ms': '3',
  'producer.client.id': 'mine',
  'producer.acks': '1',
  'consumer.max.poll.records': '3',
  'consumer.group.id': 'all-of-us',
  'consumer.bootstrap.servers': 'c:3',
  'admin.retries': '7',
  'security.protocol': 'PLAINTEXT',
  'request.timeout.ms': '1234',
  'group.id': 'connect-cluster',
} as const;
const OVERRIDES = {
  'producer.override.acks': 'all',
  'producer.override.linger.ms': '9',
  'consumer.override.group.id': 'mine',
  'consumer.override.auto.offset.reset': 'latest',
  'admin.override.request.timeout.ms': '99',
  'admin.override.bootstrap.servers': 'd:4',
} as const;
const CLIENT_IDS = {
  producer: 'connector-producer-c-0',
  consumer: 'connector-consumer-c-0',
  admin: 'connector-adminclient-c-0',
} as const;

export const CLIENT_CASES = (['producer', 'consumer', 'admin'] as const).flatMap((client) =>
  [WORKER_BASE, SETTINGS].flatMap((config) =>
    [{}, OVERRIDES].map(
      (connector) => ({ kind: 'client', client, clientId: CLIENT_IDS[client], config, connector }) as const,
    ),
  ),
);

const OVERRIDDEN = {
  acks: 'all',
  'linger.ms': '1',
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': 'x',
  'sasl.login.class': 'x',
  'ssl.truststore.location': 'x',
  'client.id': 'x',
  'bootstrap.servers': 'x:1',
  'key.serializer': 'x',
  'no.such.setting': 'x',
};
export const POLICY_CASES = [
  ...(['All', 'None', 'Principal', 'Allowlist'] as const).map((policy) => ({ policy, config: {} })),
  { policy: 'Allowlist' as const, config: { 'connector.client.config.override.allowlist': 'acks, linger.ms' } },
  { policy: 'All' as const, config: { 'connector.client.config.override.allowlist': 'acks' } },
].map((it) => ({ kind: 'policy', ...it, overrides: OVERRIDDEN }) as const);

export const ALL_WORKER_QUESTIONS: readonly WorkerQuestion[] = [
  ...Object.values(OFFSETS_FILES),
  STANDALONE_KEYS,
  DISTRIBUTED_KEYS,
  ...WORKER_CASES,
  ...CLIENT_CASES,
  ...POLICY_CASES,
];

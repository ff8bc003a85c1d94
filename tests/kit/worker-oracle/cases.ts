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
  /** What a properties file of these bytes, Base64, holds. */
  | { kind: 'properties'; bytes: string }
  /** What a config provider has for these keys; `{folder}` holds the files, whose bytes are Base64. */
  | {
      kind: 'provider';
      class: 'EnvVarConfigProvider' | 'FileConfigProvider' | 'DirectoryConfigProvider';
      params: Settings;
      files: Settings;
      path: string;
      keys: readonly string[];
    }
  /** A configuration with the variables of a provider `p` replaced. */
  | { kind: 'transform'; values: Settings; config: Settings }
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

const latin1 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

/** As users have them; characters are bytes (ISO 8859-1). */
export const PROPERTIES_CASES = [
  'a=b\n',
  'a=b',
  '',
  '# comment\n! comment\n  # indented\na=b\n',
  'a = b \nc\t=\td\t\n',
  'a:b\nc : d\n',
  'a b\nc\td e\n',
  'a\n',
  'a=\n',
  '=b\n',
  'a==b\n',
  'a\\=b=c\nd\\:e=f\ng\\ h=i\n',
  'a=b\\\n  c\\\n\td\n',
  'a=b\\\n\n c=d\n',
  'a=b\\\n# no comment\n',
  'a=b\\',
  'a=b\\\\\nc=d\n',
  'a=\\u00fc\\u20AC\n',
  'a=\\ud83d\\ude00\n',
  'a=\\u12\n',
  'a=\\uzzzz\n',
  'a=\\t\\n\\r\\f\\x\\"\\:\n',
  'a=\xfc\xe9\n',
  'a=b\r\nc=d\r\n',
  'a=b\rc=d\r',
  'a=b\r\n\r\n\r\nc=d',
  '\fa\f=\fb\f\n',
  'a=b\na=c\n',
  'a=b # no comment\n',
  'a=x\0y\n',
  'transforms.a.type=org.apache.kafka.connect.transforms.HoistField$Value\n',
  'sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\\n  username="u" \\\n  password="p=;";\n',
  'file=C:\\\\temp\\\\x.txt\nfolder=C:\\temp\n',
].map((text) => ({ kind: 'properties', bytes: latin1(text) }) as const);

const SECRETS = latin1('user=u\npassword=p\\u00fc\nempty=\nspaced = x y \n');
const FILES = {
  'in/secrets.properties': SECRETS,
  'out/secrets.properties': SECRETS,
  'in/token': latin1('t\n'),
  'in/sub/token': latin1('s'),
};
type Provider = Extract<WorkerQuestion, { kind: 'provider' }>;
const provider = (name: Provider['class'], path: string, keys: readonly string[], params: Settings = {}): Provider => ({
  kind: 'provider',
  class: name,
  params,
  files: FILES,
  path,
  keys,
});

export const PROVIDER_CASES: readonly Provider[] = [
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user', 'password', 'empty', 'spaced', 'none']),
  provider('FileConfigProvider', '', ['user']),
  provider('FileConfigProvider', '{folder}/none', ['user']),
  provider('FileConfigProvider', '{folder}/in', ['user']),
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user'], { 'allowed.paths': '{folder}/in' }),
  provider('FileConfigProvider', '{folder}/in/../in/secrets.properties', ['user'], { 'allowed.paths': '{folder}/in' }),
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user'], {
    'allowed.paths': '{folder}/out,{folder}/in',
  }),
  provider('FileConfigProvider', '{folder}/out/secrets.properties', ['user'], { 'allowed.paths': '{folder}/in' }),
  provider('FileConfigProvider', '{folder}/in/../out/secrets.properties', ['user'], { 'allowed.paths': '{folder}/in' }),
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user'], {
    'allowed.paths': '{folder}/in/secrets.properties',
  }),
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user'], { 'allowed.paths': '' }),
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user'], { 'allowed.paths': '{folder}/none' }),
  provider('FileConfigProvider', '{folder}/in/secrets.properties', ['user'], { 'allowed.paths': 'in' }),
  provider('DirectoryConfigProvider', '{folder}/in', [
    'token',
    'secrets.properties',
    'none',
    'sub',
    '..',
    '../out/secrets.properties',
    'sub/token',
    '',
  ]),
  provider('DirectoryConfigProvider', '', ['token']),
  provider('DirectoryConfigProvider', '{folder}/none', ['token']),
  provider('DirectoryConfigProvider', '{folder}/in/token', ['token']),
  provider('DirectoryConfigProvider', '{folder}/in', ['token'], { 'allowed.paths': '{folder}/in' }),
  provider('DirectoryConfigProvider', '{folder}/in', ['token'], { 'allowed.paths': '{folder}/out' }),
  provider('EnvVarConfigProvider', '', ['RUNNEL_NO_SUCH_VARIABLE', 'PATH'], { 'allowlist.pattern': 'RUNNEL_.*' }),
  provider('EnvVarConfigProvider', '', ['PATH'], { 'allowlist.pattern': '(' }),
  provider('EnvVarConfigProvider', '/x', ['RUNNEL_NO_SUCH_VARIABLE']),
];

const VALUES = { k: 'v', 'a.b': 'w', nested: `\${p:k}`, dollar: '$1\\', '': 'empty' };
export const TRANSFORM_CASES = [
  `\${p:k}`,
  `x\${p:k}y\${p:a.b}z`,
  `\${p:/a:k}`,
  `\${p:/b:k}`,
  `\${p:none}`,
  `\${q:k}`,
  `$\${p:k}`,
  `\${p:nested}`,
  `\${p:dollar}`,
  `\${p:}`,
  `\${p::k}`,
  `\${p:/a:b:k}`,
  `\${k}`,
  `\${p:k`,
  `\${p:\${p:k}}`,
  `\${ p:k}`,
  `\${p: k}`,
  'no variable',
  '',
].map((text) => ({ kind: 'transform', values: VALUES, config: { c: text } }) as const);

export const ALL_WORKER_QUESTIONS: readonly WorkerQuestion[] = [
  ...Object.values(OFFSETS_FILES),
  STANDALONE_KEYS,
  DISTRIBUTED_KEYS,
  ...WORKER_CASES,
  ...CLIENT_CASES,
  ...POLICY_CASES,
  ...PROPERTIES_CASES,
  ...PROVIDER_CASES,
  ...TRANSFORM_CASES,
];

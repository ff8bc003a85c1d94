/** The part of JSON Schema that the answers need, as OpenAPI 3.1 has it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly description?: string;
  readonly enum?: readonly (string | null)[];
  readonly format?: 'int32' | 'int64';
  readonly default?: string | boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of properties that `properties` does not name; absent: none. */
  readonly additionalProperties?: Schema;
}

type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

export const TEXT: Schema = { type: 'string' };
export const BOOLEAN: Schema = { type: 'boolean' };
const INTEGER: Schema = { type: 'integer', format: 'int32' };
const TEXT_OR_NULL: Schema = { type: ['string', 'null'] };
const STATE: Schema = {
  type: 'string',
  enum: ['UNASSIGNED', 'RUNNING', 'PAUSED', 'FAILED', 'RESTARTING', 'STOPPED', 'DESTROYED'],
};
const TYPE: Schema = { type: 'string', enum: ['source', 'sink', 'unknown'] };
/** Whatever JSON has but lists and objects. */
const PRIMITIVE: Schema = { type: ['string', 'integer', 'number', 'boolean', 'null'] };

export const ref = (name: keyof typeof SCHEMAS): Schema => ({ $ref: `#/components/schemas/${name}` });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

/** An object with all of these and no others; a name that ends with `?` may be absent. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(properties);
  const required = entries.map(([name]) => name).filter((name) => !name.endsWith('?'));
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    ...(required.length === 0 ? {} : { required }),
  };
}

const STATE_PARTS = { state: STATE, worker_id: TEXT, 'trace?': TEXT, 'version?': TEXT_OR_NULL };

/** The bodies of requests and answers by the names of Java's classes. Java: `org.apache.kafka.connect.runtime.rest.entities`. */
export const SCHEMAS = {
  ServerInfo: object({ version: TEXT, commit: TEXT, kafka_cluster_id: TEXT_OR_NULL }),
  WorkerStatus: object({
    status: { type: 'string', enum: ['starting', 'healthy', 'unhealthy'] },
    message: TEXT,
  }),
  ErrorMessage: object({ error_code: INTEGER, message: TEXT }),
  Message: object({ message: TEXT }),
  Config: { ...mapOf(TEXT_OR_NULL), description: 'Numbers and booleans are taken as their text.' },
  CreateConnectorRequest: object({
    'name?': TEXT_OR_NULL,
    config: { $ref: '#/components/schemas/Config' },
    'initial_state?': { type: ['string', 'null'], enum: ['RUNNING', 'PAUSED', 'STOPPED', null] },
  }),
  ConnectorTaskId: object({ connector: TEXT, task: INTEGER }),
  ConnectorInfo: object({
    name: TEXT,
    config: mapOf(TEXT),
    tasks: list({ $ref: '#/components/schemas/ConnectorTaskId' }),
    type: TYPE,
  }),
  ConnectorState: object(STATE_PARTS),
  TaskState: object({ id: INTEGER, ...STATE_PARTS }),
  ConnectorStateInfo: object({
    name: TEXT,
    connector: { $ref: '#/components/schemas/ConnectorState' },
    tasks: list({ $ref: '#/components/schemas/TaskState' }),
    type: TYPE,
  }),
  ConnectorExpansion: object({
    'info?': { $ref: '#/components/schemas/ConnectorInfo' },
    'status?': { $ref: '#/components/schemas/ConnectorStateInfo' },
  }),
  TaskInfo: object({ id: { $ref: '#/components/schemas/ConnectorTaskId' }, config: mapOf(TEXT) }),
  ActiveTopicsInfo: object({ topics: list(TEXT) }),
  ConnectorOffset: object({
    partition: mapOf(PRIMITIVE),
    offset: { type: ['object', 'null'], additionalProperties: PRIMITIVE },
  }),
  ConnectorOffsets: object({ offsets: list({ $ref: '#/components/schemas/ConnectorOffset' }) }),
  PluginInfo: object({
    class: TEXT,
    type: {
      type: 'string',
      enum: ['source', 'sink', 'converter', 'header_converter', 'transformation', 'predicate'],
    },
    'version?': TEXT,
  }),
  ConfigKeyInfo: object({
    name: TEXT,
    type: {
      type: 'string',
      enum: ['BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'],
    },
    required: BOOLEAN,
    default_value: TEXT_OR_NULL,
    importance: { type: 'string', enum: ['HIGH', 'MEDIUM', 'LOW'] },
    documentation: TEXT,
    group: TEXT_OR_NULL,
    width: { type: 'string', enum: ['NONE', 'SHORT', 'MEDIUM', 'LONG'] },
    display_name: TEXT,
    dependents: list(TEXT),
    order_in_group: INTEGER,
  }),
  ConfigValueInfo: object({
    name: TEXT,
    value: TEXT_OR_NULL,
    recommended_values: list(TEXT),
    errors: list(TEXT),
    visible: BOOLEAN,
  }),
  ConfigInfo: object({
    definition: { type: ['object', 'null'], $ref: '#/components/schemas/ConfigKeyInfo' },
    value: { $ref: '#/components/schemas/ConfigValueInfo' },
  }),
  ConfigInfos: object({
    name: TEXT,
    error_count: INTEGER,
    groups: list(TEXT),
    configs: list({ $ref: '#/components/schemas/ConfigInfo' }),
  }),
  LoggerLevel: object({
    level: { type: 'string', enum: ['ALL', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'OFF'] },
    last_modified: { type: ['integer', 'null'], format: 'int64', description: 'Milliseconds since 1970 UTC.' },
  }),
  SetLoggerLevel: { ...mapOf(TEXT), required: ['level'] },
} as const satisfies Readonly<Record<string, Schema>>;

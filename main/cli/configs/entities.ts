import type { ConfigResource } from '../../kafka/api.ts';
import { UsageError } from '../command-context.ts';
import type { ConfigsOptions } from '../commands/configs.ts';
import type { GivenOptions } from '../given-options.ts';

/** In the order of Kafka's sentence. */
const TYPES = ['topics', 'clients', 'users', 'brokers', 'ips', 'client-metrics', 'groups', 'broker-loggers'] as const;
export type EntityType = (typeof TYPES)[number];

/** Options that name an entity, with its type. */
const FLAGS = [
  ['topic', 'topics'],
  ['client', 'clients'],
  ['user', 'users'],
  ['broker', 'brokers'],
  ['broker-logger', 'broker-loggers'],
  ['ip', 'ips'],
  ['client-metrics', 'client-metrics'],
  ['group', 'groups'],
] as const;
const DEFAULT_FLAGS = [
  ['client-defaults', 'clients'],
  ['user-defaults', 'users'],
  ['broker-defaults', 'brokers'],
  ['ip-defaults', 'ips'],
] as const;

/** What has settings that we don't keep and a broker of ours does not have: said in one sentence. */
const REFUSED: ReadonlyMap<EntityType, string> = new Map([
  ['clients', 'quotas of clients'],
  ['users', 'quotas and SCRAM credentials of users'],
  ['ips', 'quotas of addresses'],
  ['client-metrics', 'telemetry of clients'],
]);

export const RESOURCE_OF: ReadonlyMap<EntityType, ConfigResource['type']> = new Map([
  ['topics', 'topic'],
  ['brokers', 'broker'],
  ['broker-loggers', 'broker-logger'],
  ['groups', 'group'],
]);

/** Whose settings are meant: of one entity, the defaults (''), or all of the type (null). */
export interface Entity {
  type: EntityType;
  name: string | null;
}

/** Throws UsageError with Kafka's sentences. Java: `ConfigCommandOptions.checkArgs`. */
export function entityOf(options: ConfigsOptions, given: GivenOptions): Entity {
  const flags = FLAGS.filter(([flag]) => given.has(flag));
  const defaults = DEFAULT_FLAGS.filter(([flag]) => given.has(flag));
  const types = [...(options.entityType ?? []), ...[...flags, ...defaults].map(([, type]) => type)];
  const twice = types.filter((type, i) => types.indexOf(type) !== i);
  if (twice.length > 0) throw new UsageError(`Duplicate entity type(s) specified: ${twice.join(',')}`);
  checkBootstrap(given);
  for (const type of types) {
    if ((TYPES as readonly string[]).includes(type)) continue;
    throw new UsageError(
      `Invalid entity type ${type}, the entity type must be one of ${TYPES.join(', ')} with a --bootstrap-server or --bootstrap-controller argument`,
    );
  }
  if (types.length === 0) throw new UsageError('At least one entity type must be specified');
  const known = types as EntityType[];
  if (known.length > 1 && !known.every((type) => type === 'users' || type === 'clients')) {
    throw new UsageError("Only 'users' and 'clients' entity types may be specified together");
  }
  const isGeneral = given.has('entity-name') || given.has('entity-type') || given.has('entity-default');
  if (isGeneral && flags.length + defaults.length > 0) {
    throw new UsageError('--entity-{type,name,default} should not be used in conjunction with specific entity flags');
  }
  const type = known[0] as EntityType;
  const refused = REFUSED.get(type);
  if (refused !== undefined) {
    throw new UsageError(`Entities of type ${type} are not supported: Runnel has no ${refused}`);
  }
  const names = [
    ...(options.entityName ?? []),
    ...(given.has('entity-default') ? [''] : []),
    ...flags.map(([flag]) => flagValue(options, flag)),
    ...defaults.map(() => ''),
  ];
  return checkedName(type, names[0] ?? null, given);
}

function checkedName(type: EntityType, name: string | null, given: GivenOptions): Entity {
  if (name && (type === 'brokers' || type === 'broker-loggers') && !/^[-+]?\d{1,9}$/.test(name)) {
    throw new UsageError(`The entity name for ${type} must be a valid integer broker id, but it is: ${name}`);
  }
  if (given.has('describe')) {
    if (type !== 'brokers' && given.has('entity-default')) {
      throw new UsageError(`--entity-default must not be specified with --describe of ${type}`);
    }
    if (type === 'broker-loggers' && !name) {
      throw new UsageError(`An entity name must be specified with --describe of ${type}`);
    }
  }
  if (given.has('alter')) checkAlter(type, name, given);
  return { type, name };
}

function checkAlter(type: EntityType, name: string | null, given: GivenOptions): void {
  if (type === 'brokers') {
    if (name === null) {
      throw new UsageError(
        'An entity-name or default entity must be specified with --alter of users, clients, brokers or ips',
      );
    }
  } else if (!name) throw new UsageError(`An entity name must be specified with --alter of ${type}`);
  if (given.has('add-config') && given.has('add-config-file')) {
    throw new UsageError('Only one of --add-config or --add-config-file must be specified');
  }
  if (!['add-config', 'add-config-file', 'delete-config'].some((option) => given.has(option))) {
    throw new UsageError(
      'At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter',
    );
  }
}

function checkBootstrap(given: GivenOptions): void {
  if (given.has('bootstrap-server') && given.has('bootstrap-controller')) {
    throw new UsageError('Only one of --bootstrap-server or --bootstrap-controller can be specified');
  }
  if (given.has('bootstrap-controller')) {
    throw new UsageError(
      '--bootstrap-controller is not supported: brokers pass on what is for the controller. Use --bootstrap-server',
    );
  }
  if (!given.has('bootstrap-server')) {
    throw new UsageError('Either --bootstrap-server or --bootstrap-controller must be specified.');
  }
}

function flagValue(options: ConfigsOptions, flag: (typeof FLAGS)[number][0]): string {
  if (flag === 'broker-logger') return options.brokerLogger ?? '';
  if (flag === 'client-metrics') return options.clientMetrics ?? '';
  return options[flag] ?? '';
}

/** Why a property can't be had here, and what to do instead. */
export interface Refusal {
  readonly why: string;
  readonly cure: string;
}

interface RefusedProperties extends Refusal {
  /** Names; one that ends in a dot stands for all that begin so. */
  readonly names: readonly string[];
  /** Values that ask for what is so anyway. */
  readonly unless?: (value: string) => boolean;
}

const isFalse = (value: string) => value.toLowerCase() === 'false';
const isEmpty = (value: string) => value === '';

const REFUSED: readonly RefusedProperties[] = [
  {
    names: ['zookeeper.'],
    why: 'there is no ZooKeeper, nor in Kafka since 4.0',
    cure: 'Leave it away.',
  },
  {
    names: ['broker.id', 'broker.id.generation.enable', 'reserved.broker.max.id'],
    why: 'a broker without ZooKeeper has its number in node.id',
    cure: 'Set node.id instead.',
  },
  {
    names: [
      'advertised.host.name',
      'advertised.port',
      'auto.include.jmx.reporter',
      'control.plane.listener.name',
      'delegation.token.master.key',
      'group.coordinator.new.enable',
      'host.name',
      'inter.broker.protocol.version',
      'log.message.downconversion.enable',
      'log.message.format.version',
      'log.message.timestamp.difference.max.ms',
      'offsets.commit.required.acks',
      'password.encoder.',
      'port',
      'quota.consumer.default',
      'quota.producer.default',
    ],
    why: 'Kafka has removed it',
    cure: 'Leave it away; listeners and advertised.listeners say where the broker is found.',
  },
  {
    names: ['process.roles'],
    unless: (value) => value.split(',').some((role) => role.trim() === 'broker'),
    why: 'this is a broker, and it is its own controller',
    cure: 'Set process.roles=broker,controller or leave it away.',
  },
  {
    names: ['ssl.', 'listener.name.', 'security.providers'],
    why: 'TLS is given to the shared listener alone',
    cure: 'Use --share with --share-key and --share-cert.',
  },
  {
    names: ['sasl.', 'principal.builder.class'],
    why: 'users are given to the shared listener alone, which knows PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512',
    cure: 'Use --share with --share-users.',
  },
  {
    names: ['security.inter.broker.protocol'],
    unless: (value) => value.toUpperCase() === 'PLAINTEXT',
    why: 'there is one broker',
    cure: 'Leave it away.',
  },
  {
    names: ['authorizer.class.name', 'super.users', 'allow.everyone.if.no.acl.found'],
    unless: isEmpty,
    why: 'there are no ACLs: who can connect may do everything',
    cure: 'Leave it away; --share-users says who can connect.',
  },
  {
    names: ['delegation.token.secret.key'],
    why: 'there are no delegation tokens',
    cure: 'Leave it away; --share-users says who can connect.',
  },
  {
    names: [
      'alter.config.policy.class.name',
      'client.quota.callback.class',
      'create.topic.policy.class.name',
      'replica.selector.class',
    ],
    unless: isEmpty,
    why: 'this broker runs without Java and can load no class',
    cure: 'Leave it away.',
  },
  {
    names: ['config.providers', 'config.providers.'],
    unless: isEmpty,
    why: 'properties are taken as they stand',
    cure: 'Write the values themselves.',
  },
  {
    names: ['remote.log.storage.system.enable'],
    unless: isFalse,
    why: 'there is no tiered storage',
    cure: 'Leave it away.',
  },
  {
    names: ['transaction.two.phase.commit.enable'],
    unless: isFalse,
    why: 'two-phase commit (KIP-939) is not here',
    cure: 'Leave it away.',
  },
];

/** Undefined: the property is not one of these, or asks for nothing that is not so. */
export function refusalOf(name: string, value: string): Refusal | 'as it is' | undefined {
  const refused = REFUSED.find(({ names }) =>
    names.some((each) => (each.endsWith('.') ? name.startsWith(each) : name === each)),
  );
  if (!refused) return undefined;
  return refused.unless?.(value.trim()) ? 'as it is' : refused;
}

/** For the list of what is supported: name (or `prefix.*`), reason and cure. */
export const REFUSED_BROKER_PROPERTIES: readonly (readonly [names: readonly string[], refusal: Refusal])[] =
  REFUSED.map((each) => [each.names.map((name) => (name.endsWith('.') ? `${name}*` : name)), each]);

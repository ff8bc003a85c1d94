import type { Connector } from '../api/connector.ts';
import type { Plugin } from '../api/plugins.ts';

/** Keys and prefixes of keys that the framework reads itself, by the kind of plugin whose settings stand beside them. */
const FRAMEWORK = {
  keys: [
    'name',
    'connector.class',
    'connector.plugin.version',
    'tasks.max',
    'tasks.max.enforce',
    'key.converter',
    'value.converter',
    'header.converter',
    'transforms',
    'predicates',
    'config.action.reload',
  ],
  prefixes: [
    'key.converter.',
    'value.converter.',
    'header.converter.',
    'transforms.',
    'predicates.',
    'errors.',
    'producer.override.',
    'consumer.override.',
    'admin.override.',
  ],
};

const RESERVED: Readonly<
  Record<(Connector | Plugin)['kind'], { keys: readonly string[]; prefixes: readonly string[] }>
> = {
  source: {
    keys: [
      ...FRAMEWORK.keys,
      'exactly.once.support',
      'transaction.boundary',
      'transaction.boundary.interval.ms',
      'offsets.storage.topic',
    ],
    prefixes: [...FRAMEWORK.prefixes, 'topic.creation.'],
  },
  sink: { keys: [...FRAMEWORK.keys, 'topics', 'topics.regex'], prefixes: FRAMEWORK.prefixes },
  transformation: { keys: ['type', 'predicate', 'negate', 'plugin.version'], prefixes: [] },
  predicate: { keys: ['type', 'plugin.version'], prefixes: [] },
  // `converter.type` is set by the worker, and a converter may define it as Connect's own do.
  converter: { keys: ['plugin.version'], prefixes: [] },
  header_converter: { keys: ['plugin.version'], prefixes: [] },
};

/** The framework reads this key itself: a plugin of this kind can't have it as its own. */
export function isReserved(kind: (Connector | Plugin)['kind'], key: string): boolean {
  const { keys, prefixes } = RESERVED[kind];
  return key === '__proto__' || keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix));
}

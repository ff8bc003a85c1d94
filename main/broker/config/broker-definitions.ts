import { BROKER_PROPERTIES } from './broker-properties.ts';
import { IDLE_BROKER_PROPERTIES } from './idle-broker-properties.ts';
import type { Property } from './property.ts';
import { refusalOf } from './refused-broker-properties.ts';
import { UNSERVED_BROKER_PROPERTIES } from './unserved-broker-properties.ts';

/** Every property of the broker, Kafka's and ours, by name: those that are served, and the others with why they are not. */
export const BROKER_DEFINITIONS: ReadonlyMap<string, Property> = new Map<string, Property>([
  ...Object.entries<Property>(BROKER_PROPERTIES),
  ...[...UNSERVED_BROKER_PROPERTIES].map(([name, it]) => [name, { ...it, doc: whyUnserved(name) }] as const),
]);

function whyUnserved(name: string): string {
  const reason = IDLE_BROKER_PROPERTIES.get(name);
  if (reason !== undefined) return `It has no effect here: ${reason}.`;
  const refusal = refusalOf(name, 'x');
  return typeof refusal === 'object' ? `It can’t be set here: ${refusal.why}. ${refusal.cure}` : '';
}

/**
 * Properties that say the same in other units or stand in for each other, the one that goes first before the others.
 * Java: `DynamicBrokerConfig.brokerConfigSynonyms`.
 */
const SYNONYMS: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
];

export function synonymsOf(name: string): readonly string[] {
  // What stands in for it has no other name itself.
  if (name === 'log.flush.interval.ms') return [name, 'log.flush.scheduler.interval.ms'];
  return SYNONYMS.find((names) => names.includes(name)) ?? [name];
}

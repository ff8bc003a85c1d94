import { startApacheKafka } from './apache-kafka.ts';
import { needs } from './needs.ts';

export interface RunningBroker {
  bootstrapServers: string;
  port: number;
  stop(): Promise<void>;
}

export interface Broker {
  name: string;
  /** What a test of it lacks on this machine; undefined when nothing. */
  missing(): string | undefined;
  start(properties?: Readonly<Record<string, string>>): Promise<RunningBroker>;
}

/** Every broker that the clients' suite runs against. */
export const BROKERS: readonly Broker[] = [
  { name: 'Apache Kafka', missing: () => needs('kafka'), start: (properties) => startApacheKafka(properties) },
];

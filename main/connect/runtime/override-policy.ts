import { ConnectException } from '../../../common/errors.ts';
import type { WorkerConfig } from './worker-config.ts';

/** Which settings of Kafka clients connectors may change. Java: `ConnectorClientConfigOverridePolicy` (KIP-458). */
export interface OverridePolicy {
  name: string;
  /** `setting` is the client's own name of it: `acks`, not `producer.override.acks`. */
  allows(setting: string): boolean;
}

const PACKAGE = 'org.apache.kafka.connect.connector.policy.';
const SUFFIX = 'ConnectorClientConfigOverridePolicy';
const PRINCIPAL: ReadonlySet<string> = new Set(['sasl.jaas.config', 'sasl.mechanism', 'security.protocol']);

/** The worker's, by alias, simple or full class name. Throws ConnectException for one that is not Kafka's. */
export function overridePolicy({ parsed }: WorkerConfig): OverridePolicy {
  const allowlist: ReadonlySet<string> = new Set(parsed['connector.client.config.override.allowlist']);
  const policies: OverridePolicy[] = [
    { name: 'All', allows: () => true },
    { name: 'None', allows: () => false },
    { name: 'Principal', allows: (setting) => PRINCIPAL.has(setting) },
    { name: 'Allowlist', allows: (setting) => allowlist.has(setting) },
  ];
  const key = 'connector.client.config.override.policy';
  const wanted = parsed[key];
  const found = policies.find(({ name }) => [name, name + SUFFIX, PACKAGE + name + SUFFIX].includes(wanted));
  if (found !== undefined) return found;
  throw new ConnectException(
    `Failed to find any class that implements interface ${PACKAGE}${SUFFIX} and which name matches ${wanted}`,
    { code: 'INVALID_CONFIG', key, hint: `Use one of ${policies.map(({ name }) => name).join(', ')}.` },
  );
}

/** What a policy says of a setting that it does not allow. */
export function notAllowed(policy: OverridePolicy, setting: string): string {
  return `The '${policy.name}' policy does not allow '${setting}' to be overridden in the connector configuration.`;
}

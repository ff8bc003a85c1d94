import { BrokerConfig } from '../main/broker/config/broker-config.ts';
import { BROKER_PROPERTIES } from '../main/broker/config/broker-properties.ts';
import { IDLE_BROKER_PROPERTIES } from '../main/broker/config/idle-broker-properties.ts';
import { REFUSED_BROKER_PROPERTIES } from '../main/broker/config/refused-broker-properties.ts';
import { TOPIC_PROPERTY_GAPS } from '../main/broker/config/topic-properties.ts';
import { type BrokerParts, brokerHandlers } from '../main/broker/handlers/index.ts';
import type { CommandContext } from '../main/cli/command-context.ts';
import { commandLinePage } from '../main/cli/command-page.ts';
import { createProgram } from '../main/cli/program.ts';
import type { Connector } from '../main/connect/api/connector.ts';
import { javaText } from '../main/connect/api/java-text.ts';
import { openApiDocument } from '../main/connect/rest/openapi.ts';
import { ADMIN_ROUTES, connectRoutes, described } from '../main/connect/rest/rest-app.ts';
import { WITHOUT_EFFECT } from '../main/connect/runtime/worker-config-unused.ts';
import { CONNECTORS } from '../main/connectors/index.ts';
import { IDLE_SETTINGS } from '../main/kafka/settings/idle-settings.ts';
import { APIS } from '../main/protocol/messages/index.ts';
import { BEHAVIOUR_CASES } from '../tests/kit/broker-behaviour/cases.ts';
import { ERROR_SCENARIOS } from '../tests/kit/connect-pipelines/error-scenarios.ts';
import { SINK_SCENARIOS } from '../tests/kit/connect-pipelines/sink-scenarios.ts';
import { SOURCE_SCENARIOS } from '../tests/kit/connect-pipelines/source-scenarios.ts';
import { REST_CALLS } from '../tests/kit/connect-rest/calls.ts';
import { VALIDATE_CASES } from '../tests/kit/connect-validate/cases.ts';
import { TOOL_DIFFERENCES } from '../tests/kit/kafka-tools/differences.ts';
import { ABILITIES, AREAS } from '../tests/kit/real-clients/abilities.ts';
import { REAL_CLIENTS } from '../tests/kit/real-clients/clients.ts';
import { WORKER_DIFFERENCES } from '../tests/kit/worker-differences.ts';
import { dataDifferences } from './data-differences.ts';
import { KAFKA_VERSION } from './kafka-jars.mjs';

/** The documents that are made from the sources, by their path. `npm run docs` writes them; a test finds stale ones. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  const routes = described([...connectRoutes(''), ...ADMIN_ROUTES]);
  const documents = new Map([
    ['docs/kafka-compatibility.md', compatibility()],
    ['docs/openapi.json', `${JSON.stringify(openApiDocument(routes), null, 2)}\n`],
    // Nothing of the world is needed for the definitions alone.
    ['docs/command-line.md', commandLinePage(createProgram({} as CommandContext))],
  ]);
  for (const connector of CONNECTORS)
    documents.set(`docs/connectors/${simpleName(connector)}.md`, connectorPage(connector));
  return documents;
}

const SCENARIOS = [...SOURCE_SCENARIOS, ...SINK_SCENARIOS, ...ERROR_SCENARIOS];

const list = (whys: readonly (string | undefined)[]) =>
  [...new Set(whys)].flatMap((why) => (why === undefined ? [] : [`- ${sentence(why)}`])).join('\n');
const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: string[]) => `| ${cells.map(escaped).join(' | ')} |`;
const simpleName = ({ className }: Connector) => className.slice(className.lastIndexOf('.') + 1);
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

function compatibility(): string {
  const parts = { config: new BrokerConfig(), identity: { nodeId: 1 } } as unknown as BrokerParts;
  const handlers = brokerHandlers(parts);
  const served = [...handlers.values()].sort((a, b) => a.api.key - b.api.key);
  const range = ({ min, max }: { min: number; max: number }) => (min === max ? `${min}` : `${min}-${max}`);
  const missing = APIS.filter(({ key }) => !handlers.has(key)).map(({ name, key }) => `${name} (${key})`);
  const restDifferences = [...new Set(REST_CALLS.flatMap(({ differs }) => (differs ? [differs.reason] : [])))].map(
    (reason) => {
      const calls = REST_CALLS.filter(({ differs }) => differs?.reason === reason);
      const requests = [...new Set(calls.map(({ method, path }) => `\`${method} ${path}\``))];
      return `${sentence(reason)} ${requests.join(', ')}`;
    },
  );
  return `# Runnel beside Apache Kafka and Kafka Connect ${KAFKA_VERSION}

Made by \`npm run docs\` from the sources and from the tests that compare with the real ones; every difference below is meant, and a test holds it.

## The sandbox: what it speaks

${[row('key', 'API', 'versions', 'where it differs'), row('---', '---', '---', '---'), ...served.map(({ api, gap }) => row(`${api.key}`, api.name, range(api.announced), gap ?? ''))].join('\n')}

Not served, and therefore not announced: ${missing.join(', ')}; ACLs, quotas, share groups, telemetry.

Settings of topics that are accepted and have no effect:

${Object.entries(TOPIC_PROPERTY_GAPS)
  .map(([name, reason]) => `- \`${name}\`: ${reason}`)
  .join('\n')}

### Its properties

Of Kafka's broker properties (\`--override name=value\`, or a \`server.properties\` as an argument of \`runnel sandbox\`) these are served:

${[row('property', 'default', 'what it says'), row('---', '---', '---'), ...Object.entries(BROKER_PROPERTIES).map(([name, { default: byDefault, doc }]) => row(`\`${name}\``, byDefault ?? '', doc))].join('\n')}

These are accepted and change nothing, which is told once by name:

${[...Map.groupBy(IDLE_BROKER_PROPERTIES, ([, reason]) => reason)].map(([reason, names]) => `- ${names.map(([name]) => `\`${name}\``).join(', ')}: ${reason}`).join('\n')}

These are refused; every other name is an error:

${REFUSED_BROKER_PROPERTIES.map(([names, { why, cure }]) => `- ${names.map((name) => `\`${name}\``).join(', ')}: ${why}. ${cure}`).join('\n')}

${behaviour()}

## Clients tried

${clientsTried()}

## Clients: settings of Java's producer, consumer and admin client

Every key of their ConfigDefs is known and checked as there. Those that are not listed here do what they do in Java; these change nothing, which is told once by name:

${clientSettings()}

Security: \`PLAINTEXT\`, \`SSL\`, \`SASL_PLAINTEXT\` and \`SASL_SSL\` with \`PLAIN\`, \`SCRAM-SHA-256\`, \`SCRAM-SHA-512\` and \`OAUTHBEARER\`. Stores are PEM or PKCS12;
JKS is refused with the command that converts it, Kerberos (\`GSSAPI\`) with a sentence. A token endpoint may be any URL: the JVM property that allows URLs has no counterpart.
\`group.protocol=consumer\` and the sticky assignors are replaced by the classic protocol and \`range\`, with a warning. \`enable.auto.commit\` is false by default.
With \`auto.offset.reset=by_duration:…\` a partition in which nothing is so young starts at its end; Java waits for a younger record.

## The command line tools

\`topics\`, \`consumer-groups\`, \`configs\`, \`get-offsets\`, \`delete-records\` and \`dump-log\` take the options of Kafka's scripts, print the same and end with the same exit code: over 250 command lines are run by both and compared. Apart from that:

${TOOL_DIFFERENCES.map(({ difference }) => `- ${difference}`).join('\n')}

## The worker: data

${dataDifferences()}

### Of all data

- Maps print in the order of their entries; Java prints them in the order of its hash table.
- A configuration key's errors are listed once; Connect repeats some.

## The worker: REST

What the server says of itself is at \`/openapi.json\` and in [openapi.json](openapi.json). Basic authentication is set as for Kafka Connect:
\`rest.extension.classes\` names its extension, \`KAFKA_OPTS=-Djava.security.auth.login.config=/path/to/jaas.conf\` in the environment the JAAS
file, whose entry \`KafkaConnect\` has PropertyFileLoginModule with the file of users. An https listener takes \`listeners.https.ssl.*\` (or \`ssl.*\`).

Values of PASSWORD keys come back as \`\${runnel:<connector>/<key>}\`; a PUT with that placeholder keeps the secret. Every request has to
come from this machine and not from a web page (Host, Origin, Sec-Fetch-Site, content type).

- Answers with JSON say so; Connect leaves the content type out where its HTTP framework answers (404, 405, 406, 415), and its HTTP
  server sends HTML or nothing with a 400.
- \`OPTIONS\` says what is allowed in the header alone.
${restDifferences.map((text) => `- ${text}`).join('\n')}

## The worker: validation of configurations

Compared key by key over ${VALIDATE_CASES.length} configurations. A connector's own keys have names and widths for forms; Connect's have none. There may be more classes to choose from. Settings of topic creation groups are listed and checked, with groups of their own; Connect leaves them out and then makes a connector that fails.

${list(VALIDATE_CASES.map(({ differs }) => differs?.why))}

## The worker: pipelines and records that fail

${SCENARIOS.length} pipelines run on both workers, on one Kafka and of the same input; apart from these lines topics, files, dead letters, offsets, states and the first lines of traces are equal. Positions in files count bytes (Connect's count UTF-16 units, and go astray behind other characters than ASCII), with a fingerprint of the file beside.

${list(SCENARIOS.map(({ differs }) => differs?.why))}

## The worker: tasks and state

${WORKER_DIFFERENCES.map(({ difference }) => `- ${difference}`).join('\n')}

Settings of a worker that are accepted and have no effect:

${[...Map.groupBy(WITHOUT_EFFECT, ([, reason]) => reason)]
  .map(
    ([reason, names]) =>
      `- ${names.map(([name]) => `\`${name}${name.endsWith('.') ? '*' : ''}\``).join(', ')}: ${reason}`,
  )
  .join('\n')}
`;
}

/** Where answers are meant to be others than Kafka's, by API. */
function behaviour(): string {
  const differing = BEHAVIOUR_CASES.filter(({ differs }) => differs);
  const lines = [...Map.groupBy(differing, ({ differs }) => differs?.why ?? '')].map(([why, cases]) => {
    const apis = [...new Set(cases.map(({ api }) => api))];
    return `- **${apis.join(', ')}**: ${sentence(why)}`;
  });
  const played = `More than ${Math.floor((BEHAVIOUR_CASES.length - 1) / 50) * 50} cases are played on both brokers, request by request`;
  return lines.length === 0
    ? `${played}: the answers are equal.`
    : `${played}; apart from these lines the answers are equal:\n\n${lines.join('\n')}`;
}

/** What the tests do with each client, from their own declarations. */
function clientsTried(): string {
  const column = ({ name, version }: (typeof REAL_CLIENTS)[number]) => `${name} ${version}`;
  const reasons = new Map<string, number>();
  const numberOf = (reason: string) => {
    if (!reasons.has(reason)) reasons.set(reason, reasons.size + 1);
    return reasons.get(reason);
  };
  const table = [
    row('', ...REAL_CLIENTS.map(column)),
    row('---', ...REAL_CLIENTS.map(() => '---')),
    ...AREAS.flatMap(([area, abilities]) => [
      row(`**${area}**`, ...REAL_CLIENTS.map(() => '')),
      ...abilities.map((ability) =>
        row(
          ABILITIES[ability],
          ...REAL_CLIENTS.map(({ name, cannot }) => {
            const reason = cannot[ability];
            return reason === undefined ? 'yes' : `no (${numberOf(`${name}: ${reason}`)})`;
          }),
        ),
      ),
    ]),
  ];
  return `Programs of each of these try all of this on the sandbox at every change, and on Apache Kafka ${KAFKA_VERSION} at night: all at once,
while it is stopped, then killed, and started again. A “no” is the client’s own, whatever the broker.

${REAL_CLIENTS.map((client) => `- ${column(client)}: ${client.what}`).join('\n')}

${table.join('\n')}

${[...reasons].map(([reason, number]) => `${number}. ${reason}`).join('\n')}`;
}

/** Settings of Java's clients by what becomes of them here. */
function clientSettings(): string {
  const idle = Object.entries(IDLE_SETTINGS).map(
    ([name, setting]) => [name, 'warned' in setting ? setting.warned : setting.accepted] as const,
  );
  const lines = [...Map.groupBy(idle, ([, reason]) => reason)].map(
    ([reason, names]) => `- ${names.map(([name]) => `\`${name}\``).join(', ')}: ${reason}`,
  );
  return lines.join('\n');
}

function connectorPage(connector: Connector): string {
  const keys = Object.entries(connector.config.keys).filter(([, key]) => !key.internal);
  const shown = (value: unknown) =>
    value === undefined
      ? 'required'
      : value === null
        ? 'null'
        : value === ''
          ? '""'
          : typeof value === 'number'
            ? `${value}`
            : javaText(null, value);
  return `# ${simpleName(connector)}

${connector.summary}

\`${connector.className}\` · ${connector.kind} · version ${connector.version}

**Delivery**: ${connector.delivery}

${[
  row('key', 'type', 'default', 'valid', 'importance', 'meaning'),
  row('---', '---', '---', '---', '---', '---'),
  ...keys.map(([name, key]) =>
    row(
      `\`${name}\``,
      key.type.toLowerCase(),
      shown(key.default),
      key.validator ? key.validator.toString() : '',
      key.importance.toLowerCase(),
      key.doc,
    ),
  ),
].join('\n')}

The keys that every connector has (\`name\`, \`tasks.max\`, converters, transformations, \`errors.*\`) are Kafka Connect's own.

${connector.examples
  .map(
    ({ title, config }) =>
      `## Example: ${title}\n\n\`\`\`properties\n${Object.entries(config)
        .map(([key, value]) => `${key}=${value}`)
        .join('\n')}\n\`\`\``,
  )
  .join('\n\n')}
`;
}

import type { Admin, GroupListing } from '../../kafka/api.ts';
import { UsageError } from '../command-context.ts';
import { javaRow, widest } from '../output/java-columns.ts';
import { writeLines } from '../output/write-lines.ts';
import type { ConsumerGroupsRun } from './run.ts';

/** States of consumer groups of either protocol, as Kafka spells them. Java: `GroupState`. */
const STATES = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
] as const;
const TYPES = ['Classic', 'Consumer'] as const;

/** `--list`, alone or with `--state` and `--type`. Java: `ConsumerGroupService.listGroups`. */
export async function listGroups({ options, given, admin, context }: ConsumerGroupsRun): Promise<void> {
  const states = valuesOf(options.state, STATES, 'state');
  const types = valuesOf(options.type, TYPES, 'types');
  const all = await consumerGroups(admin);
  const groups = all.filter(
    ({ state, type }) => (states === null || states.has(state)) && (types === null || types.has(typeText(type))),
  );
  if (options.output === 'json') {
    const listed = groups.map(({ groupId, state, type }) => ({ groupId, type: typeText(type), state }));
    return writeLines(context, [JSON.stringify(listed, null, 2)]);
  }
  const withType = given.has('type');
  const withState = given.has('state');
  if (!withType && !withState) {
    return writeLines(
      context,
      groups.map(({ groupId }) => groupId),
    );
  }
  const columns = (group: string, type: string, state: string) => [
    group,
    ...(withType ? [type] : []),
    ...(withState ? [state] : []),
  ];
  const widths = [
    10 +
      widest(
        15,
        groups.map(({ groupId }) => groupId),
      ),
    20,
    20,
  ];
  await writeLines(context, [
    javaRow(widths, columns('GROUP', 'TYPE', 'STATE')),
    ...groups.map(({ groupId, type, state }) => javaRow(widths, columns(groupId, typeText(type), state))),
  ]);
}

/** Groups of consumers, sorted: neither those of Connect's workers nor share groups. Java: `ListGroupsOptions.forConsumerGroups`. */
export async function consumerGroups(admin: Admin): Promise<GroupListing[]> {
  return (await admin.listGroups()).filter(
    ({ protocolType, type }) =>
      (protocolType === '' || protocolType === 'consumer') && (TYPES as readonly string[]).includes(typeText(type)),
  );
}

/** A broker before Kafka 3.8 says nothing of types: it has one. */
function typeText(type: string): string {
  if (type === '') return 'Classic';
  return TYPES.find((name) => name.toLowerCase() === type.toLowerCase()) ?? type;
}

/** Null: all of them. */
function valuesOf(
  text: string | true | undefined,
  known: readonly string[],
  name: 'state' | 'types',
): ReadonlySet<string> | null {
  if (typeof text !== 'string' || text === '') return null;
  const values = text.split(',').map((part) => known.find((one) => one.toLowerCase() === part.trim().toLowerCase()));
  if (values.includes(undefined)) {
    throw new UsageError(
      `Invalid ${name} list '${text}'. Valid ${name === 'types' ? 'types' : 'states'} are: ${known.join(', ')}`,
    );
  }
  return new Set(values as string[]);
}

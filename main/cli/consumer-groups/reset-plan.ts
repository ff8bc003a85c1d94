import { readFileSync } from 'node:fs';
import { KafkaException } from '../../../common/errors.ts';
import type { NewOffset } from './reset-offsets.ts';

/** Java: `java.io.IOException`, and what its CSV reader throws. */
class PlanUnreadable extends KafkaException {
  override readonly javaClass = 'java.io.IOException';
}

/** A line of `--export`: `topic,partition,offset`, with the group in front when there are several. Java: `CsvUtils`. */
export function csvLine(groupId: string | null, { topic, partition, offset }: NewOffset): string {
  const names = groupId === null ? [topic] : [groupId, topic];
  return [...names.map(quoted), partition, offset].join(',');
}

/** By group. `oneGroup`: whose offsets they are when a line names none. Java: `OffsetsUtils.parseResetPlan`. */
export function readResetPlan(file: string, groups: readonly string[]): ReadonlyMap<string, NewOffset[]> {
  const plan = new Map<string, Map<string, NewOffset>>();
  const lines = textOf(file)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  while (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    const cells = cellsOf(line);
    const oneGroup = groups.length === 1 && cellsOf(lines[0] as string).length === 3 ? groups[0] : undefined;
    const [groupId, topic, partition, offset] = oneGroup === undefined ? cells : [oneGroup, ...cells];
    const isWhole = cells.length === (oneGroup === undefined ? 4 : 3);
    if (!isWhole || !groupId || !topic || !/^\d{1,9}$/.test(partition ?? '') || !/^-?\d{1,18}$/.test(offset ?? '')) {
      throw new PlanUnreadable(`Unable to read file ${file}: the line "${line}" is no record of a reset plan`, {
        key: file,
        hint: 'Lines are topic,partition,offset, with the group in front when there are several groups.',
      });
    }
    const of = plan.get(groupId) ?? new Map<string, NewOffset>();
    plan.set(groupId, of);
    of.set(`${topic}-${partition}`, { topic, partition: Number(partition), offset: BigInt(offset as string) });
  }
  return new Map([...plan].map(([group, offsets]) => [group, [...offsets.values()]]));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PlanUnreadable(`Unable to read file ${file}`, { key: file, cause: error });
  }
}

/** Jackson quotes what is not plain: names of groups may hold anything. */
function quoted(text: string): string {
  return /^[\w.:@/+-]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

function cellsOf(line: string): string[] {
  const cells = line.match(/(?:"(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  const texts = cells.map((cell) => cell.replace(/,$/, '').trim());
  // The pattern matches once more at the end of a line that does not end with a comma.
  if (!line.endsWith(',')) texts.pop();
  return texts.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

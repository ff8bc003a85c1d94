import type { Outcome, Scenario, SeenRecord } from './scenario.ts';

/** What a scenario did here that it did not at Kafka Connect's worker and was not meant to: `name: file: …`. */
export function unmeantDifferences({ name, differs }: Scenario, ours: Outcome, java: Outcome): string[] {
  const theirs = comparable(java);
  const seen = comparable(ours);
  if (differs !== undefined && text(seen) === text(theirs)) return [`${name}: is no longer different`];
  const meant = { ...theirs, ...differs?.ours };
  return (Object.keys(meant) as (keyof Outcome)[]).flatMap((part) =>
    text(seen[part]) === text(meant[part])
      ? []
      : [`${name}: ${part}:\n  ${text(seen[part])}\ninstead of\n  ${text(meant[part])}`],
  );
}

function comparable(outcome: Outcome): Outcome {
  const topics = Object.entries(outcome.topics).map(([topic, records]) => [topic, records.map(comparableRecord)]);
  // Of a source's record Connect logs key, value and headers; here they stay out of the log.
  const log = outcome.log.map((line) => line.replace(/, where source record is .*$/, ''));
  return { ...outcome, trace: folded(outcome.trace), topics: Object.fromEntries(topics), log };
}

const MESSAGE = '__connect.errors.exception.message';
const TRACE = '__connect.errors.exception.stacktrace';

function comparableRecord(record: SeenRecord): SeenRecord {
  const trace = record.headers.find(([name]) => name === TRACE)?.[1];
  if (trace === undefined || trace === null) return record;
  const lines = folded(causes(trace));
  const headers = record.headers.map(([name, value]): readonly [string, string | null] => {
    if (name === TRACE) return [name, lines.join('\n')];
    if (name === MESSAGE && value?.endsWith(': ')) return [name, lines[0]?.slice(lines[0].indexOf(': ') + 2) ?? null];
    return [name, value];
  });
  return { ...record, headers };
}

/** The first line of a trace and those that name a cause. */
export function causes(trace: string): string[] {
  return trace.split('\n').filter((line, i) => (i === 0 && line !== '') || line.startsWith('Caused by: '));
}

/**
 * Java's converters end their message with a colon, and the reason is in the cause below; ours give it themselves. The
 * line below is drawn into the one above. Causes that are exceptions of Java's own library have no part in it.
 */
function folded(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines) {
    if (/^Caused by: java\./.test(line)) continue;
    const above = result.at(-1);
    if (above?.endsWith(': ') && line.startsWith('Caused by: '))
      result[result.length - 1] = above + line.replace(/^Caused by: [\w.$]+: /, '');
    else result.push(line);
  }
  return result;
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

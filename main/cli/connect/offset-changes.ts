import { UsageError } from '../command-context.ts';
import { parseAnswer } from './connect-answer.ts';

/** One of `{"offsets": […]}`; numbers keep their digits. */
export interface OffsetChange {
  partition: unknown;
  /** null: the partition starts again */
  offset: unknown;
}

/**
 * Short forms of the command line: `topic:partition=offset` of a sink (`orders:0=42`), and `{…}={…}` in the words of a
 * source's connector (`{"filename":"a"}={"position":0}`); `null` as offset resets that partition.
 */
export function parseOffsetArguments(args: readonly string[]): OffsetChange[] {
  return args.map((argument) => {
    const change = sinkChange(argument) ?? sourceChange(argument);
    if (change !== null) return change;
    throw new UsageError(
      `${argument} is no offset: write topic:partition=offset for a sink, or {"…":…}={"…":…} as offsets get -o json shows them for a source`,
    );
  });
}

function sinkChange(argument: string): OffsetChange | null {
  const match = /^([a-zA-Z0-9._-]+)[:/](\d+)=(\d+|null)$/.exec(argument);
  if (match === null) return null;
  const [, topic, partition = '', offset = ''] = match;
  return {
    partition: { kafka_topic: topic, kafka_partition: BigInt(partition) },
    offset: offset === 'null' ? null : { kafka_offset: BigInt(offset) },
  };
}

/** A value may hold an equals sign: the one that parts two JSON values is meant. */
function sourceChange(argument: string): OffsetChange | null {
  for (let at = argument.indexOf('='); at >= 0; at = argument.indexOf('=', at + 1)) {
    const partition = objectIn(argument.slice(0, at));
    const offset = argument.slice(at + 1).trim() === 'null' ? null : objectIn(argument.slice(at + 1));
    if (partition !== undefined && offset !== undefined) return { partition, offset };
  }
  return null;
}

function objectIn(text: string): unknown {
  try {
    const value = parseAnswer(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The body of the REST API, as `offsets get -o json` writes it. */
export function parseOffsetsFile(from: string, text: string): OffsetChange[] {
  let body: { offsets?: unknown } | null;
  try {
    body = parseAnswer(text) as { offsets?: unknown } | null;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${from} is no JSON: ${error.message}`);
    throw error;
  }
  const list = body?.offsets;
  if (
    !Array.isArray(list) ||
    !list.every((it) => typeof it === 'object' && it !== null && 'partition' in it && 'offset' in it)
  )
    throw new UsageError(`${from} holds no offsets: write {"offsets": [{"partition": {…}, "offset": {…}}]}`);
  return list as OffsetChange[];
}

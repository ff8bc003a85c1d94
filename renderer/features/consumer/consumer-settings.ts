import type { ConsumeStart } from '../../../common/kafka/consume.ts';
import { FORMATS, type Format } from '../../../common/kafka/decode.ts';
import type { FilterText } from './filter.ts';

/** What a person chose for one live consumer; comes back after a restart. */
export interface ConsumerSettings {
  start: ConsumeStart;
  /** null: all */
  partitions: number[] | null;
  filter: FilterText;
  /** Rows in the list. */
  keep: number;
  keyFormat: Format;
  valueFormat: Format;
}

export const KEEP = [10_000, 50_000, 200_000] as const;

export const DEFAULT_SETTINGS: ConsumerSettings = {
  start: { type: 'now' },
  partitions: null,
  filter: { text: '', matchCase: false },
  keep: KEEP[0],
  keyFormat: 'auto',
  valueFormat: 'auto',
};

/** As JSON can hold it: int64 as text. */
export function toJson(settings: ConsumerSettings): unknown {
  const { start } = settings;
  const saved =
    start.type === 'offset'
      ? { type: 'offset', offset: String(start.offset) }
      : start.type === 'timestamp'
        ? { type: 'timestamp', timestamp: String(start.timestamp) }
        : start.type === 'now' || start.type === 'beginning'
          ? { type: start.type }
          : { type: 'now' };
  return { ...settings, start: saved };
}

/** Reads what an earlier run, perhaps of another version, wrote; what is not understood takes its default. */
export function fromJson(json: unknown): ConsumerSettings {
  const saved = record(json);
  const filter = record(saved.filter);
  const { partitions, keep, keyFormat, valueFormat } = saved;
  return {
    start: startFrom(record(saved.start)),
    partitions:
      Array.isArray(partitions) && partitions.length > 0 && partitions.every((p) => Number.isInteger(p) && p >= 0)
        ? partitions
        : null,
    filter: {
      text: typeof filter.text === 'string' ? filter.text : '',
      matchCase: filter.matchCase === true,
    },
    keep: KEEP.find((rows) => rows === keep) ?? DEFAULT_SETTINGS.keep,
    keyFormat: FORMATS.find((format) => format === keyFormat) ?? 'auto',
    valueFormat: FORMATS.find((format) => format === valueFormat) ?? 'auto',
  };
}

function startFrom(saved: Readonly<Record<string, unknown>>): ConsumeStart {
  const number = (value: unknown) =>
    typeof value === 'string' && /^\d{1,19}$/.test(value) ? BigInt(value) : undefined;
  const offset = number(saved.offset);
  const timestamp = number(saved.timestamp);
  if (saved.type === 'beginning') return { type: 'beginning' };
  if (saved.type === 'offset' && offset !== undefined) return { type: 'offset', offset };
  if (saved.type === 'timestamp' && timestamp !== undefined) return { type: 'timestamp', timestamp };
  return { type: 'now' };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A question to Connect's own classes; `tests/fixtures/java/WorkerOracle.java` has the answers. */
export type WorkerQuestion = {
  kind: 'offsets-file';
  entries: readonly (readonly [key: string | null, value: string | null])[];
};

export type WorkerAnswer = { ok: unknown } | { error: readonly [javaClass: string, message: string] };

/** Files of the standalone worker's offsets, by what is special in them. */
export const OFFSETS_FILES = {
  'one connector': { kind: 'offsets-file', entries: [['["src",{"filename":"/tmp/in.txt"}]', '{"position":6}']] },
  nothing: { kind: 'offsets-file', entries: [] },
  'several connectors, one reset': {
    kind: 'offsets-file',
    entries: [
      ['["src",{"filename":"/tmp/in.txt"}]', '{"position":9223372036854775807}'],
      ['["src",{"filename":"/tmp/other.txt"}]', null],
      [
        '["jdbc ü",{"protocol":"1","table":"a.b"}]',
        '{"incrementing":968476484095610881,"ts":1.5,"snapshot":true,"x":null}',
      ],
      ['["MirrorSourceConnector",{"cluster":"a","partition":0,"topic":"t"}]', '{"offset":7}'],
    ],
  },
  'keys that are of nobody': {
    kind: 'offsets-file',
    entries: [
      [null, '{"position":1}'],
      ['["a"]', '{"position":1}'],
      ['{"a":1}', '{"position":1}'],
      ['["a",null]', '{"position":1}'],
      ['["a",{"p":1}]', '{"position":1}'],
    ],
  },
} as const satisfies Record<string, WorkerQuestion>;

export const ALL_WORKER_QUESTIONS: readonly WorkerQuestion[] = [...Object.values(OFFSETS_FILES)];

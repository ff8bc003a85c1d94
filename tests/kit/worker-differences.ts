/** Where the worker is meant to do other than Kafka Connect's standalone worker, with the test that holds it. */
export interface WorkerDifference {
  difference: string;
  /** Under tests/main/connect. */
  file: string;
  /** A part of the test's name. */
  test: string;
}

const HERDER = 'runtime/standalone-herder.test.ts';
const SOURCE = 'runtime/worker-source-task.test.ts';
const SINK = 'runtime/worker-sink-task.test.ts';
const STANDALONE = 'connect-standalone.test.ts';
const REST = 'connect-rest.test.ts';
const FILES = 'connector-files.test.ts';
const SETTINGS = 'runtime/worker-settings.test.ts';
const JAVA_OFFSETS = 'java-offsets.test.ts';

export const WORKER_DIFFERENCES: readonly WorkerDifference[] = [
  {
    difference:
      'Connectors, target states and source offsets are in one SQLite file and come back with the next worker.',
    file: HERDER,
    test: 'and comes back with the next worker',
  },
  {
    difference:
      'A store that is damaged, empty, foreign or newer is an error at the start, never taken for one without offsets.',
    file: STANDALONE,
    test: 'the store is damaged: no connector starts',
  },
  {
    difference: '`offset.flush.interval.ms` is 1000 unless it is set.',
    file: SOURCE,
    test: 'offsets are stored once they are acknowledged',
  },
  {
    difference:
      'A connector that fails to start is created and FAILED with its trace; Connect answers 500 and has it all the same.',
    file: HERDER,
    test: 'a connector that can’t start is FAILED with a trace',
  },
  {
    difference: 'Wrong `topic.creation` settings are refused with the others, before the connector exists.',
    file: HERDER,
    test: 'topic creation settings that are wrong are refused',
  },
  {
    difference: 'Tasks are always started anew with a new configuration of their connector.',
    file: HERDER,
    test: 'a new configuration keeps the target state',
  },
  {
    difference: 'Offsets of records that a transformation drops are stored without waiting for a later record.',
    file: SOURCE,
    test: 'records that a transformation drops count as done',
  },
  {
    difference: 'A record that is being retried when its task stops comes again; Connect skips it.',
    file: SOURCE,
    test: 'a record that is being retried when the stop comes is not skipped',
  },
  {
    difference: 'Error logs name topic, partition and offset of a failed record, never its key or value.',
    file: SOURCE,
    test: 'bad records are skipped, counted and logged without their content',
  },
  {
    difference: 'A sink gets the good records before a bad one, then its task fails; Connect drops the whole batch.',
    file: SINK,
    test: 'fails the task after the good ones before it were put',
  },
  {
    difference:
      'Dead letters of converters and transformations are awaited before offsets are committed, not only those that the sink reports.',
    file: SINK,
    test: 'offsets are not committed before the dead letter is acknowledged',
  },
  {
    difference: 'A dead letter that can’t be written fails the task instead of a line in the log.',
    file: SINK,
    test: 'a dead letter that can’t be written fails the task',
  },
  {
    difference: 'When `listeners` is not set, REST is served at 8083 or the next free port, on 127.0.0.1 and [::1].',
    file: STANDALONE,
    test: 'without listeners REST takes the default port or the next free one',
  },
  {
    difference:
      'Other machines reach a listener only if it is https and wants credentials (basic authentication, or `ssl.client.auth=required`): `http://:8083` and `http://0.0.0.0:8083` are this machine alone, another address is an error.',
    file: REST,
    test: 'all addresses without TLS and credentials are this machine alone',
  },
  {
    difference: '`admin.listeners` want the same credentials as `listeners`; in Connect they want none.',
    file: REST,
    test: 'want the same credentials',
  },
  {
    difference:
      'Without credentials the answer is 401 as JSON, with `WWW-Authenticate`, also where there is nothing or the header is malformed; a credentials file without users is an error at the start, where Connect lets everybody in.',
    file: REST,
    test: 'every request needs it',
  },
  {
    difference: 'A REST extension other than basic authentication is an error at the start.',
    file: REST,
    test: 'another extension is refused',
  },
  {
    difference: 'Key and trust stores of REST are PEM or PKCS12; stores in the old format JKS are refused.',
    file: REST,
    test: 'a store in Java’s own format is refused',
  },
  {
    difference: 'Properties files are read as UTF-8 where they are that, else as ISO 8859-1.',
    file: FILES,
    test: 'properties are UTF-8 where they can be',
  },
  {
    difference:
      'A connector file that begins like JSON and is none is told so with its line; Connect reads it as properties.',
    file: FILES,
    test: 'what is wrong in one is said with the file and the place',
  },
  {
    difference:
      'The offsets of a Java worker’s `offset.storage.file.filename` are imported at the first start, and never again; one that is damaged is an error, for Connect one without offsets.',
    file: JAVA_OFFSETS,
    test: 'is imported at the first start, told with its count',
  },
  {
    difference:
      'Positions of FileStreamSource are bytes throughout. Java’s count UTF-16 units and are skipped in bytes: one that is imported is looked up in the file, so that nothing comes twice or is left out behind characters beyond ASCII.',
    file: JAVA_OFFSETS,
    test: 'at which no line ends goes back to the start of the line',
  },
  {
    difference:
      'Producers of connectors are idempotent and have up to five requests under way; Connect turns idempotence off and has one, which is what is done here where idempotence is turned off.',
    file: SETTINGS,
    test: 'a producer that is not idempotent has one request under way',
  },
  {
    difference:
      'Settings that nothing looks at are told at WARN, those of connectors, their converters and transformations too; Connect tells those of the worker and its clients at INFO.',
    file: SETTINGS,
    test: 'of a connector nothing, when all of it is used',
  },
  {
    difference:
      'Values of config providers and secrets are replaced by their variables wherever else they would be seen: errors, traces, logs, headers of dead letters. Values of less than four characters are not looked for.',
    file: 'hidden-values.test.ts',
    test: 'are in no answer, log, file, trace or dead letter',
  },
  {
    difference:
      'A path outside a provider’s `allowed.paths` is an error that names it, also when a link leads there; Connect leaves the variable as it is for the connector to trip over.',
    file: 'providers/config-providers.test.ts',
    test: '%s of allowed.paths is not read',
  },
];

/**
 * Who may import whom. A room is a folder; a file belongs to the longest room that is a prefix of its path. Each
 * room lists the rooms it imports besides itself; `libraries` lists the packages that only these rooms may import.
 * Change this table in a commit of its own, with the reason.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  common: [],
  'main/protocol': ['common'],
  // Kafka's ssl.* settings, of clients and of listeners.
  'main/ssl': ['common'],
  'main/kafka': ['common', 'main/protocol', 'main/ssl'],
  'main/broker': ['common', 'main/protocol'],
  'main/storage': ['common'],
  'main/connect/api': ['common'],
  'main/connect/converters': ['common', 'main/connect/api'],
  'main/connect/transforms': ['common', 'main/connect/api'],
  'main/connect/predicates': ['common', 'main/connect/api'],
  'main/connect/providers': ['common', 'main/connect/api'],
  // What plugins may import by name: the names alone, nothing of its own.
  'main/connect/public': ['common', 'main/connect/api'],
  'main/connect/plugins': ['common', 'main/connect/api', 'main/connect/public'],
  // What authors of plugins test with; it runs in their processes, never in the worker.
  'main/connect/testkit': ['common', 'main/connect/api', 'main/connect/plugins', 'main/logging.ts', 'main/time.ts'],
  'main/connect/storage': ['common', 'main/connect/api', 'main/storage'],
  'main/connect/runtime': [
    'common',
    'main/connect/api',
    'main/connect/plugins',
    'main/connect/storage',
    'main/kafka/api.ts',
  ],
  'main/connect/rest': ['common', 'main/connect/api', 'main/connect/runtime', 'main/ssl'],
  'main/connectors': ['common', 'main/connect/api'],
  'main/topics': ['common', 'main/kafka/api.ts', 'main/connect/api', 'main/connect/converters'],
  'main/connections': ['common', 'main/kafka/api.ts', 'main/storage'],
  // Composition: these wire the rooms and are imported by entries only.
  'main/connect': [
    'common',
    'main/connect/api',
    'main/connect/runtime',
    'main/connect/rest',
    'main/connect/storage',
    'main/connect/plugins',
    'main/connect/converters',
    'main/connect/transforms',
    'main/connect/predicates',
    'main/connect/providers',
    'main/connectors',
    'main/kafka',
    'main/storage',
    'main/topics',
    'main/logging.ts',
    'main/output-lines.ts',
    'main/time.ts',
  ],
  // A broker in this process: what the command line starts, and what tests of other people's programs import by name.
  'main/sandbox': ['common', 'main/broker', 'main/storage', 'main/logging.ts', 'main/time.ts'],
  'main/processes': [
    'common',
    'main/connect',
    'main/broker',
    'main/sandbox',
    'main/topics',
    'main/kafka',
    'main/storage',
    'main/log-file.ts',
    'main/logging.ts',
    'main/time.ts',
    'main/data-folder.ts',
  ],
  'main/cli': [
    'common',
    // dump-log reads record batches; errors of the protocol have Kafka's sentences there.
    'main/protocol',
    'main/connect',
    'main/connect/api',
    'main/connect/converters',
    'main/connect/runtime',
    'main/broker',
    'main/sandbox',
    'main/topics',
    'main/kafka',
    'main/storage',
    'main/logging.ts',
    'main/time.ts',
    'main/data-folder.ts',
  ],
  // What plugin processes print is read where they are made: by the worker in Node, by the main process in Electron.
  'main/desktop': ['common', 'main/logging.ts', 'main/output-lines.ts', 'main/time.ts', 'main/data-folder.ts'],
  main: ['common', 'main/desktop'],
  preload: ['common'],
  renderer: ['common'],
};

/** A foreign library has one room. Packages that are not named here may be imported nowhere in the product. */
export const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  electron: ['main/desktop', 'main/index.ts', 'preload'],
  'better-sqlite3': ['main/storage'],
  zod: ['common', 'renderer'],
  commander: ['main/cli'],
  'properties-file': ['main/connect/runtime', 'main/cli', 'main/connect'],
  re2js: ['main/cli', 'main/broker/coordinator'],
  snappyjs: ['main/protocol/records'],
  '@bokuweb/zstd-wasm': ['main/protocol/records'],
  // Only in the texts of the files that create-plugin writes.
  '@runnel-app/runnel': ['main/cli/plugin-skeleton'],
  'node:test': ['main/cli/plugin-skeleton'],
  react: ['renderer'],
  'react-dom': ['renderer'],
  '@base-ui/react': ['renderer/components'],
};

/** Clock, randomness and timers are passed in; only these files may ask the machine. */
export const MACHINE: readonly string[] = [
  'main/time.ts',
  // Its guard is a thread of its own, which looks while the main thread can't.
  'main/connect/memory-guard.ts',
  'main/cli',
  'main/sandbox',
  'main/processes',
  'main/desktop',
  'renderer',
];

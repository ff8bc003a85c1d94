import { join } from 'node:path';
import { manifestOf, writePackage } from './plugin-packages.ts';

/** What a plugin can do wrong, whatever it was called for. */
export const MISDEEDS = [
  'throws',
  'rejects',
  'hangs',
  'loops',
  'exits',
  'aborts',
  'is killed',
  'eats memory',
  'eats buffers',
  'throws late',
  'floods its output',
] as const;
export type Misdeed = (typeof MISDEEDS)[number];

/** Where it does it; each is a call of the connector's or its task's. */
export const CALLS = [
  'validate',
  'start',
  'taskConfigs',
  'stop',
  'alterOffsets',
  'task start',
  'poll',
  'task stop',
  'put',
  'preCommit',
] as const;
export type EvilCall = (typeof CALLS)[number];

const MISDEED = `
const kept = [];
const misbehave = (does) => {
  switch (does) {
    case 'throws': throw new TypeError('no');
    case 'rejects': return Promise.reject(new TypeError('no'));
    case 'hangs': return new Promise(() => {});
    case 'loops': for (;;);
    case 'exits': return process.exit(3);
    case 'aborts': return process.abort();
    case 'is killed': process.kill(process.pid, 'SIGKILL'); return new Promise(() => {});
    case 'eats memory': for (;;) kept.push(new Array(100_000).fill(kept.length));
    case 'eats buffers': for (;;) kept.push(Buffer.alloc(1_000_000, kept.length));
    case 'throws late':
      setTimeout(() => { throw new Error('nobody catches this'); }, 1);
      return new Promise(() => {});
    case 'floods its output': for (;;) console.log('x'.repeat(10_000));
  }
};
`;

const EVIL = `import { sourceConnector, sinkConnector, configDef, Schema } from '@runnel-app/runnel/connect';
${MISDEED}
const optional = { type: 'STRING', default: '', importance: 'LOW', doc: 'Says what it does.' };
const when = (config, call) => (config.in === call ? misbehave(config.does) : undefined);
export default [sourceConnector({
  className: 'com.example.Evil', version: '6.6.6', summary: 'Evil.', delivery: 'none', examples: [],
  config: configDef({ topic: { ...optional, default: 'evil' }, does: optional, in: optional, source: { ...optional, default: 'first' } }),
  validate: async (config) => { await when(config, 'validate'); return []; },
  start(config) { this.own = config; return when(config, 'start'); },
  stop() { return when(this.own, 'stop'); },
  taskConfigs(config, raw) { return when(config, 'taskConfigs') ?? [raw, { ...raw, source: 'second' }]; },
  alterOffsets(config) { return when(config, 'alterOffsets') ?? true; },
  task() {
    let own, number = 0;
    return {
      async start(config, context) {
        own = config;
        await when(config, 'task start');
        const [offset] = await context.offsets([{ source: own.source }]);
        number = Number(offset?.number ?? 0n);
      },
      async poll(signal) {
        await when(own, 'poll');
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, 20);
          signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); });
        });
        if (signal.aborted) return null;
        number++;
        return [{
          topic: own.topic, kafkaPartition: null, keySchema: null, key: null, valueSchema: Schema.STRING_SCHEMA,
          value: String(number), timestamp: null, headers: [],
          sourcePartition: { source: own.source }, sourceOffset: { number: BigInt(number) },
        }];
      },
      stop: () => when(own, 'task stop'),
    };
  },
}), sinkConnector({
  className: 'com.example.EvilSink', version: '6.6.6', summary: 'Evil.', delivery: 'none', examples: [],
  config: configDef({ does: optional, in: optional }),
  task() {
    let own;
    return {
      start(config) { own = config; },
      put: () => when(own, 'put'),
      preCommit: async (offsets) => (await when(own, 'preCommit')) ?? offsets,
      stop() {},
    };
  },
})];
`;

/** `com.example.Evil` does \`does\` when it is called for \`in\`, and numbers a topic's records otherwise; `EvilSink` reads. */
export function writeEvilPlugin(folder: string): string {
  return writePackage(join(folder, 'evil'), { 'package.json': manifestOf({ name: 'evil' }), 'plugins.js': EVIL });
}

/** A package that misbehaves when it is imported. */
export function writeEvilModule(folder: string, does: Misdeed): string {
  const name = `evil-${does.replaceAll(' ', '-')}`;
  return writePackage(join(folder, name), {
    'package.json': manifestOf({ name }),
    'plugins.js': `${MISDEED}\nawait misbehave('${does}');\nexport default [];\n`,
  });
}

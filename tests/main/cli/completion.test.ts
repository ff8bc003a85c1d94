import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../kit/needs.ts';
import { toItsEnd, tracked } from '../../kit/run-command.ts';
import { runInProcess } from '../../kit/run-program.ts';
import { spawnRunnel } from '../../kit/runnel.ts';
import { ScriptedConnect } from '../../kit/scripted-connect.ts';

const folder = mkdtempSync(join(tmpdir(), 'runnel-completion-'));
let worker: ScriptedConnect;

/** What a worker of this test has. */
const ANSWERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['/connectors', ['sink', 'source one', "it's", 'a:b', '日本']],
  [
    '/connector-plugins?connectorsOnly=false',
    [
      { class: 'org.apache.kafka.connect.file.FileStreamSinkConnector', type: 'sink', version: '1' },
      { class: 'org.apache.kafka.connect.transforms.Cast$Value', type: 'transformation', version: '1' },
    ],
  ],
  ['/admin/loggers', { 'org.apache.kafka': { level: 'WARN', last_modified: 1 } }],
]);

beforeAll(async () => {
  worker = await ScriptedConnect.start(({ path }) => ({ body: ANSWERS.get(path) ?? [] }));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'files'));
  for (const name of ['one.json', 'two.properties']) writeFileSync(join(folder, 'files', name), '');
  const program = join(folder, 'bin', 'runnel');
  const entry = resolve(import.meta.dirname, '../../../scripts/runnel.mjs');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  chmodSync(program, 0o700);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await runInProcess(['completion', shell]);
    writeFileSync(join(folder, `runnel.${shell}`), stdout);
  }
});
afterAll(async () => {
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines, and what each shell has to offer at their end. */
const CASES: readonly { line: string; offers: readonly string[]; without?: readonly string[] }[] = [
  { line: 'runnel con', offers: ['connect', 'connect-standalone', 'console-consumer', 'console-producer'] },
  { line: 'runnel connect l', offers: ['list', 'loggers'] },
  { line: 'runnel connect --url URL l', offers: ['list', 'loggers'] },
  { line: 'runnel connect list --st', offers: ['--state'] },
  { line: 'runnel connect ls --ou', offers: ['--output'] },
  { line: 'runnel connect list --state ', offers: ['RUNNING', 'FAILED', 'PAUSED'] },
  { line: 'runnel connect list -o ', offers: ['wide', 'json', 'name'], without: ['properties'] },
  { line: 'runnel connect offsets ', offers: ['get', 'set', 'reset'] },
  { line: 'runnel connect create --initial-state S', offers: ['STOPPED'], without: ['PAUSED'] },
  { line: 'runnel completion ', offers: ['bash', 'zsh', 'fish'] },
  { line: 'runnel connect --url URL describe ', offers: ['sink', 'a:b', '日本'] },
  { line: 'runnel connect describe --url URL si', offers: ['sink'], without: ['日本'] },
  { line: 'runnel connect pause sink --url URL ', offers: ['sink', 'a:b'] },
  { line: 'runnel connect plugins --url URL File', offers: ['FileStreamSink'] },
  { line: 'runnel connect loggers --url URL ', offers: ['root', 'org.apache.kafka'] },
  { line: 'runnel connect loggers --url URL root D', offers: ['DEBUG'] },
  { line: 'runnel connect create FILES/', offers: ['one.json', 'two.properties'] },
];
const lineOf = (line: string) => line.replace('URL', worker.url).replace('FILES', join(folder, 'files'));

/** All lines in one shell; it prints each offer as a line, with an empty line after those of a line. */
async function offersOf(command: string, args: readonly string[], script: string): Promise<string[][]> {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder };
  writeFileSync(join(folder, 'script'), script);
  const shell = tracked(spawn(command, [...args, join(folder, 'script')], { env, cwd: folder }));
  const { stdout, stderr } = await toItsEnd(shell);
  const blocks = stdout.toString().split('\u0001\n').slice(0, -1);
  expect([blocks.length, stderr]).toEqual([CASES.length, '']);
  return blocks.map((block) => block.split('\n').filter((line) => line !== ''));
}

function expectOffers(found: readonly string[][]): void {
  CASES.forEach(({ line, offers, without }, i) => {
    const names = (found[i] as string[]).map((it) => it.replace(/\/$/, '').split('/').at(-1) as string);
    expect(names, line).toEqual(expect.arrayContaining([...offers]));
    for (const name of without ?? []) expect(names, line).not.toContain(name);
  });
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

test('bash completes commands, options, values, files and the names that the worker has', async () => {
  const lines = CASES.map(({ line }) => `offer ${quote(lineOf(line))}\n`).join('');
  const script = `source runnel.bash
offer() { COMP_LINE="$1" COMP_POINT=\${#1} COMPREPLY=(); _runnel; printf '%s\\n' "\${COMPREPLY[@]}"; printf '\\001\\n'; }
${lines}`;
  expectOffers(await offersOf('bash', ['--norc'], script));
});

test('bash writes a name so that the line means it: blanks, quotes, and what it takes for the end of a word', async () => {
  const script = `source runnel.bash
offer() { COMP_LINE="$1" COMP_POINT=\${#1} COMPREPLY=(); _runnel; printf '%s\\n' "\${COMPREPLY[@]}"; }
offer ${quote(lineOf('runnel connect describe --url URL so'))}
offer ${quote(lineOf('runnel connect describe --url URL it'))}
offer ${quote(lineOf('runnel connect describe --url URL a:'))}
offer 'runnel connect list --output=j'
`;
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const { stdout } = await toItsEnd(tracked(spawn('bash', ['--norc', '-s'], { env, cwd: folder })), script);
  expect(stdout.toString()).toBe("source\\ one\nit\\'s\nb\njson\n");
});

test('a bash that a person types into takes it over', async () => {
  const script = `source runnel.bash\ncomplete -p runnel\n`;
  const { stdout } = await toItsEnd(tracked(spawn('bash', ['--norc', '-i'], { cwd: folder })), script);
  expect(stdout.toString()).toContain('complete -F _runnel runnel');
});

describe.skipIf(needs('fish'))('fish', () => {
  test('completes the same', async () => {
    const lines = CASES.map(({ line }) => `complete -C ${fish(lineOf(line))} | cut -f1; printf '\\001\\n'\n`).join('');
    expectOffers(await offersOf('fish', ['--no-config'], `source runnel.fish\n${lines}`));
  });
  const fish = (text: string) => `'${text.replace(/[\\']/g, (c) => `\\${c}`)}'`;
});

describe.skipIf(needs('zsh'))('zsh', () => {
  test('completes the same', async () => {
    // Completion works only in a zsh that has a line: words are set by hand, and what would be shown is printed.
    const script = `autoload -Uz compinit && compinit -u -D
source runnel.zsh
compadd() { local a; while [[ "$1" == -* && "$1" != -- ]]; do shift; done; [[ "$1" == -- ]] && shift; for a in "$@"; do [[ "$a" == "\${words[CURRENT]}"* ]] && print -r -- "$a"; done }
_describe() { local row; [[ "$1" == -o && "\${words[CURRENT]}" != -* ]] && return; for row in "\${(@P)\${@[-1]}}"; do compadd -- "\${row%%:*}"; done }
_files() { local f; for f in "\${words[CURRENT]}"*; do print -r -- "$f"; done }
offer() { words=("\${(@s: :)1}"); CURRENT=\${#words}; _runnel; print '\\001'; }
${CASES.map(({ line }) => `offer ${quote(lineOf(line))}\n`).join('')}`;
    expectOffers(await offersOf('zsh', ['-f'], script));
  });
});

test('names are asked for without patience: no worker, no names, no word', async () => {
  const { code, stdout } = await toItsEnd(spawnRunnel(['__complete', 'connectors', '--url', 'http://127.0.0.1:1']));
  expect([code, stdout.toString()]).toEqual([2, '']);
});

test('__complete does not show among the commands', async () => {
  expect((await runInProcess(['--help'])).stdout).not.toContain('__complete');
});

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { bundledNode } from '../../../scripts/node-version.mjs';
import { type CommandResult, toItsEnd, tracked } from '../../kit/run-command.ts';
import { runRunnel, spawnRunnel } from '../../kit/runnel.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A command that runs until it is ended: `ready` resolves to the first line of either output that matches. */
class Running {
  readonly #child;
  readonly #end: Promise<CommandResult>;
  #out = '';
  #look: () => void = () => {};

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawnRunnel(args, env);
    const collect = (chunk: Buffer) => {
      this.#out += chunk;
      this.#look();
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
    this.#end = new Promise((done, failed) => {
      const stdout: Buffer[] = [];
      let stderr = '';
      this.#child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
      this.#child.stderr?.on('data', (chunk: Buffer) => {
        stderr += chunk;
      });
      this.#child.on('error', failed);
      this.#child.on('close', (code) => done({ code, stdout: Buffer.concat(stdout), stderr }));
    });
  }

  get output(): string {
    return this.#out;
  }

  ready(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found, failed) => {
      this.#look = () => {
        const match = pattern.exec(this.#out);
        if (match) found(match);
      };
      this.#look();
      this.#end.then(({ code }) => failed(new Error(`ended with ${code} before ${pattern}:\n${this.#out}`)), failed);
    });
  }

  end(signal: NodeJS.Signals = 'SIGINT'): Promise<CommandResult> {
    this.#child.kill(signal);
    return this.#end;
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }
}

const READY = /Runnel sandbox is ready on localhost:(\d+) \(data in (.+)\)\n/;
const text = (result: CommandResult) => result.stdout.toString();

function properties(name: string, entries: Readonly<Record<string, string>>): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    Object.entries(entries)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return file;
}

describe('the program itself', () => {
  test('version and --version tell the version', async () => {
    expect(text(await runRunnel(['--version']))).toBe(`${manifest.version}\n`);
    expect(text(await runRunnel(['version']))).toMatch(new RegExp(`^Runnel ${manifest.version} \\(Node \\d`));
  });

  test('--help lists every command, and each has its own', async () => {
    const help = text(await runRunnel(['--help']));
    const names = Array.from(help.matchAll(/^ {2}([a-z][a-z-]+) {2}/gm), (match) => match[1] as string);
    expect(names).toEqual(
      expect.arrayContaining([
        'demo',
        'sandbox',
        'connect-standalone',
        'console-consumer',
        'topics',
        'doctor',
        'version',
      ]),
    );
    const own = await Promise.all(
      ['demo', 'sandbox', 'connect-standalone', 'doctor'].map((it) => runRunnel([it, '--help'])),
    );
    for (const { code, stdout } of own) {
      expect(code).toBe(0);
      expect(stdout.toString()).toMatch(/^Usage: runnel /);
      expect(stdout.toString()).toContain('Exit codes: 0 ');
    }
  });

  test.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['sandbox', '--nope'], "unknown option '--nope'"],
    [['sandbox', '--port', '70000'], 'a port from 0 to 65535 is needed'],
    [['sandbox', '--override', 'x'], 'Invalid command line properties: x'],
    [['demo', '--rate', '60000'], 'above 0 and up to 50000'],
    [['connect-standalone'], "missing required argument 'worker.properties'"],
  ])('wrong usage is exit code 1 and one sentence: %j', async (args, sentence) => {
    const { code, stderr, stdout } = await runRunnel(args);
    expect([code, stdout.toString()]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  test.skipIf(bundledNode() === undefined)('a Node that is too old hands over to the one that came along', async () => {
    // This Node pretends to be old by what the entry looks at; the bundled one is real.
    const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"napi",{value:"9"})';
    const entry = resolve(import.meta.dirname, '../../../scripts/runnel.mjs');
    // The tests themselves may run on a Node that took an older one's place.
    const env = { ...process.env, RUNNEL_NODE_REPLACED: '' };
    const child = tracked(spawn(process.execPath, ['--import', pretend, entry, 'version'], { env }));
    const { code, stdout } = await toItsEnd(child);
    expect([code, stdout.toString()]).toEqual([0, expect.stringContaining(`Runnel ${manifest.version}`)]);
  });

  test('doctor finds everything needed here', async () => {
    const { code, stdout } = await runRunnel(['doctor', '--data-dir', folder]);
    expect(stdout.toString()).toMatch(/^ok {5}SQLite +\d+\.\d+\.\d+/m);
    expect(stdout.toString()).toContain('Everything that Runnel needs is here.');
    expect(code).toBe(0);
  });

  test('doctor says what is lacking, and its exit code too', async () => {
    const { code, stdout } = await runRunnel(['doctor', '--data-dir', folder, '--bootstrap-server', 'localhost:1']);
    expect(stdout.toString()).toMatch(/^lacks {2}Kafka +Nothing listens at localhost:1\./m);
    expect(stdout.toString()).toContain('Lacking: Kafka.');
    expect(code).toBe(1);
  });
});

describe('sandbox', () => {
  test('says when it is ready and where its data is, ends cleanly at Ctrl-C, and has its records again', async () => {
    const data = join(folder, 'data');
    const first = new Running(['sandbox', '--port', '0', '--data-dir', data, '--override', 'num.partitions=2']);
    const [, port, where] = await first.ready(READY);
    expect(where).toBe(join(data, 'sandbox'));
    const server = ['--bootstrap-server', `localhost:${port}`];
    await runRunnel(['console-producer', ...server, '--topic', 'kept'], 'one\ntwo\n');
    expect(text(await runRunnel(['topics', ...server, '--describe', '--topic', 'kept']))).toContain(
      'PartitionCount: 2',
    );
    const locked = await runRunnel(['sandbox', '--port', '0', '--data-dir', data]);
    expect(locked.code).toBe(2);
    expect(locked.stderr).toContain(`The sandbox data in ${where} is in use by another Runnel`);
    expect((await first.end('SIGINT')).code).toBe(0);
    const again = new Running(['sandbox', '--port', '0', '--data-dir', data]);
    const [, port2] = await again.ready(READY);
    const read = [
      'console-consumer',
      '--bootstrap-server',
      `localhost:${port2}`,
      '--topic',
      'kept',
      '--from-beginning',
    ];
    const { stdout } = await runRunnel([...read, '--max-messages', '2']);
    expect(stdout.toString().trimEnd().split('\n').sort()).toEqual(['one', 'two']);
    expect((await again.end('SIGTERM')).code).toBe(0);
  });

  test('a port that was named and is busy, and an unknown property, are said; nothing is left behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const busy = await runRunnel(['sandbox', '--port', String(port), '--data-dir', folder]);
    server.close();
    expect([busy.code, busy.stderr]).toEqual([2, expect.stringContaining(`Port ${port} is in use`)]);
    const unknown = await runRunnel(['sandbox', '--port', '0', '--data-dir', folder, '--override', 'no.such=1']);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('The broker property no.such is not known'),
    ]);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const unreadable = await runRunnel(['sandbox', '--port', '0', '--data-dir', join(file, 'x')]);
    expect([unreadable.code, unreadable.stderr]).toEqual([2, expect.stringContaining("can't be made")]);
  });
});

describe('demo', () => {
  const demoFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('runnel-demo-'));

  test('without a terminal it shows tweets, ends by itself with a summary, and leaves nothing', async () => {
    const before = demoFolders();
    const { code, stdout, stderr } = await runRunnel(['demo', '--port', '0', '--duration', '3', '--rate', '100']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.toString().trimEnd().split('\n');
    const [, count] = /^([\d,]+) records in 3\.\d s \(\d+\.\d records\/s\), topic tweets on localhost:\d+$/.exec(
      lines.at(-1) as string,
    ) as RegExpExecArray;
    expect(Number(count)).toBeGreaterThan(100);
    expect(lines.filter((line) => /^\d\d:\d\d:\d\d {2}[012]:\d+ +\w+ +@\w+ /.test(line)).length).toBeGreaterThan(50);
    expect(stdout.includes(0x1b)).toBe(false);
    expect(demoFolders().filter((name) => !before.includes(name))).toEqual([]);
  });

  test('Ctrl-C ends it cleanly, and in a folder of its own it goes on where it was', async () => {
    const ids: bigint[] = [];
    for (let run = 0; run < 2; run++) {
      const demo = new Running(['demo', '--port', '0', '--data-dir', folder, '--duration', '60', '--rate', '200']);
      const [, port] = await demo.ready(/Broker +localhost:(\d+) \(kept in /);
      const read = [
        'console-consumer',
        '--bootstrap-server',
        `localhost:${port}`,
        '--topic',
        'tweets',
        '--from-beginning',
      ];
      const { stdout } = await runRunnel([...read, '--max-messages', run === 0 ? '50' : '300']);
      const found = stdout.toString().match(/"id":(\d+),"created_at"/g) ?? [];
      ids.push(...found.map((match) => BigInt(/\d+/.exec(match)?.[0] ?? 0)));
      const { code, stderr } = await demo.end('SIGINT');
      expect([code, stderr]).toEqual([0, '']);
    }
    // The second time the first records are there again; beyond them no id comes twice.
    const second = ids.slice(50);
    expect(second.length).toBe(300);
    expect(new Set(second).size).toBe(300);
    for (const id of second) expect(id).toBeGreaterThan(2n ** 53n);
  });
});

describe('connect-standalone', () => {
  let sandbox: Running;
  let bootstrap: string;
  let data: string;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'runnel-commands-'));
    sandbox = new Running(['sandbox', '--port', '0', '--data-dir', data]);
    const [, port] = await sandbox.ready(READY);
    bootstrap = `localhost:${port}`;
  });
  afterAll(async () => {
    await sandbox.end();
    rmSync(data, { recursive: true, force: true });
  });

  const worker = (change: Readonly<Record<string, string>> = {}) =>
    properties('worker.properties', {
      'bootstrap.servers': bootstrap,
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'offset.storage.file.filename': join(folder, 'offsets'),
      listeners: 'http://127.0.0.1:0',
      ...change,
    });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise((again) => setTimeout(again, 20));
  };

  test('a file goes through a topic into a file, over a clean stop without a line lost or twice', async () => {
    const [input, output] = [join(folder, 'in.txt'), join(folder, 'out.txt')];
    const lines = Array.from({ length: 10_000 }, (_, i) => `Zeile ${i} äöü`);
    writeFileSync(
      input,
      lines
        .slice(0, 5_000)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const source = properties('source.properties', {
      name: 'source',
      'connector.class': 'FileStreamSource',
      file: input,
      topic: 'lines',
    });
    const sink = join(folder, 'sink.json');
    writeFileSync(
      sink,
      JSON.stringify({ name: 'sink', config: { 'connector.class': 'FileStreamSink', file: output, topics: 'lines' } }),
    );
    const written = () => (existsSync(output) ? readFileSync(output, 'utf8').split('\n').length - 1 : 0);
    for (const count of [5_000, 10_000]) {
      if (count === 10_000) writeFileSync(input, lines.map((line) => `${line}\n`).join(''));
      const run = new Running(['connect-standalone', worker(), source, sink]);
      await run.ready(/worker is ready after \d+ ms: REST at http:\/\/127\.0\.0\.1:\d+ \(state in .*offsets\.sqlite\)/);
      await until(() => written() >= count);
      expect((await run.end('SIGTERM')).code).toBe(0);
    }
    expect(readFileSync(output, 'utf8')).toBe(readFileSync(input, 'utf8'));
  });

  test('without a file the standard input goes to the standard output', async () => {
    const source = properties('source.properties', {
      name: 'in',
      'connector.class': 'FileStreamSource',
      topic: 'console',
    });
    const sink = properties('sink.properties', { name: 'out', 'connector.class': 'FileStreamSink', topics: 'console' });
    const run = new Running(['connect-standalone', worker(), source, sink]);
    run.write('hello\nworld\n');
    await run.ready(/^hello\nworld\n/m);
    const { code, stdout } = await run.end();
    expect([code, stdout.toString()]).toEqual([0, 'hello\nworld\n']);
  });

  test('what the worker can not start with is exit code 2', async () => {
    const away = await runRunnel(['connect-standalone', worker({ 'bootstrap.servers': 'localhost:1' })]);
    expect(away.code).toBe(2);
    expect(away.stderr).toContain('Failed to connect to and describe Kafka cluster at localhost:1');
    expect(away.stderr).toContain('runnel sandbox');
    const missing = await runRunnel(['connect-standalone', join(folder, 'nowhere.properties')]);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringContaining(`Can't read ${join(folder, 'nowhere.properties')}`),
    ]);
    const incomplete = await runRunnel(['connect-standalone', properties('empty.properties', {})]);
    expect([incomplete.code, incomplete.stderr]).toEqual([2, expect.stringContaining('"bootstrap.servers"')]);
  });

  test.each([
    ['broken.json', '{"name": "x",', 'begins like JSON but is none, line 1'],
    ['nameless.properties', 'file=x\n', "is missing the mandatory 'name' configuration"],
    ['unknown.properties', 'name=x\nconnector.class=NoSuch\n', 'Failed to create connector x'],
    [
      'incomplete.properties',
      'name=x\nconnector.class=FileStreamSource\nfile=x\n',
      'Missing required configuration "topic"',
    ],
    ['directory.properties', 'name=x\nconnector.class=FileStreamSource\ntopic=t\nfile=/\n', '/ is a directory'],
  ])('a connector that can not be created is exit code 3: %s', async (name, contents, sentence) => {
    const file = join(folder, name);
    writeFileSync(file, contents);
    const { code, stderr } = await runRunnel(['connect-standalone', worker(), file]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(3);
  });
});

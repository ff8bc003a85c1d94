import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConfigInfos } from '../../../../common/connect/config-infos.ts';
import { type ConnectStandalone, startConnectStandalone } from '../../../../main/connect/connect-standalone.ts';
import { compareVersions } from '../../../../main/connect/plugins/artifact-version.ts';
import { systemTime } from '../../../../main/time.ts';
import { kafkaLibs } from '../../../../scripts/kafka-jars.mjs';
import { type ApacheConnect, startApacheConnect } from '../../../kit/apache-connect.ts';
import { MemoryKafka } from '../../../kit/memory-kafka.ts';
import { needs } from '../../../kit/needs.ts';
import { recordingLogger } from '../../../kit/recording-logger.ts';
import { TestSandbox } from '../../../kit/test-sandbox.ts';

const ORACLE = resolve(import.meta.dirname, '../../../fixtures/java/VersionOracle.java');
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const SIMPLE = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';
const ROUTER = {
  transforms: 'a',
  'transforms.a.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.a.regex': 'x',
  'transforms.a.replacement': 'y',
};
const TOMBSTONE = {
  predicates: 'p',
  'predicates.p.type': 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
};

/** Both sides have everything once, in version 4.3.1. */
const SPECIFICATIONS = [
  ...[
    'latest',
    '4.3.1',
    '[4.3.1]',
    ' 4.3.1 ',
    '4.3.0',
    '4.3',
    '4.3.1.0',
    '[4.0,5.0)',
    '[5.0,)',
    '(,4.3.1)',
    '(,4.3.1]',
  ],
  ...[
    '[4.3.1-rc1,4.3.1]',
    '[4.3.1,4.3.1-ccs]',
    '[1,2],[4,5]',
    '[1,2],[3,4]',
    'LATEST',
    '4.x',
    'bad[',
    '1,2',
    '',
    '[ 4.3 , 4.4 ]',
  ],
];

const CONFIGS: readonly Record<string, string>[] = [
  ...SPECIFICATIONS.map((version) => ({ 'connector.plugin.version': version })),
  ...['4.3.1', '9', '[4,)'].flatMap((version): Record<string, string>[] => [
    { 'key.converter.plugin.version': version },
    { 'key.converter': JSON_CONVERTER, 'key.converter.plugin.version': version },
    { 'value.converter': JSON_CONVERTER, 'value.converter.plugin.version': version },
    { 'header.converter': SIMPLE, 'header.converter.plugin.version': version },
    { ...ROUTER, 'transforms.a.plugin.version': version },
    { ...TOMBSTONE, 'predicates.p.plugin.version': version },
  ]),
];
/** Java answers these by status 500. */
const UNREADABLE = [
  ['[1,2', 'Unbounded range: [1,2'],
  ['[2,1]', 'Range defies version ordering: [2,1]'],
  ['[4.3.1,4.3.1)', 'Range defies version ordering: [4.3.1,4.3.1)'],
  ['(4.3.1)', 'Single version must be surrounded by []: (4.3.1)'],
  ['[4,5],[1,2]', 'Ranges overlap: [4,5],[1,2]'],
  ['[1,2] 3', 'Only fully-qualified sets allowed in multiple set scenario: [1,2] 3'],
] as const;

describe.skipIf(needs('kafka'))('versions of plugins', () => {
  let folder: string;
  let sandbox: TestSandbox;
  let java: ApacheConnect;
  let ours: ConnectStandalone;
  const validate = async (url: string, config: object) => {
    const response = await fetch(`${url}/connector-plugins/FileStreamSource/config/validate`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', 'connector.class': 'FileStreamSource', topic: 't', file: '/tmp/x', ...config }),
    });
    return { status: response.status, infos: (await response.json()) as ConfigInfos & { message?: string } };
  };
  /** What is said of versions: errors by key, and what is recommended. A class on two of Java's paths is there twice. */
  const said = ({ status, infos }: Awaited<ReturnType<typeof validate>>) => ({
    status,
    count: infos.error_count,
    errors: infos.configs
      .filter(({ value }) => value.errors.length > 0)
      .map(({ value }) => [value.name, value.errors.map((error) => error.replace('[4.3.1, 4.3.1]', '[4.3.1]'))])
      .sort(),
    versions: infos.configs.flatMap(({ value }) =>
      /^(connector|transforms\.a|predicates\.p)\.plugin\.version$/.test(value.name)
        ? [[value.name, value.value, [...new Set(value.recommended_values)]]]
        : [],
    ),
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'runnel-versions-'));
    sandbox = await TestSandbox.start();
    java = await startApacheConnect(`127.0.0.1:${sandbox.sandbox.port}`);
    ours = await startConnectStandalone({
      properties: {
        'bootstrap.servers': 'memory:9092',
        'key.converter': JSON_CONVERTER,
        'value.converter': JSON_CONVERTER,
        'offset.storage.file.filename': join(folder, 'offsets'),
        listeners: 'http://127.0.0.1:0',
      },
      clients: new MemoryKafka().clients(systemTime),
      time: systemTime,
      logger: recordingLogger().logger,
      random: () => 0.5,
      taskThread: null,
      onLog: () => {},
    });
  });
  afterAll(async () => {
    await ours?.stop();
    await java?.stop();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(CONFIGS)('are checked as Connect checks them: %j', async (config) => {
    expect(said(await validate(ours.restUrl as string, config))).toEqual(said(await validate(java.url, config)));
  });

  test.each(UNREADABLE)('%s, at which Connect fails, is an error of its key', async (version, message) => {
    const theirs = await validate(java.url, { 'connector.plugin.version': version });
    expect([theirs.status, theirs.infos.message]).toEqual([500, expect.stringContaining(message)]);
    const { status, infos } = await validate(ours.restUrl as string, { 'connector.plugin.version': version });
    expect(status).toBe(200);
    expect(infos.configs.find(({ value }) => value.name === 'connector.plugin.version')?.value.errors).toEqual([
      message,
    ]);
  });

  test.each(['4.3.1', '9', '', '[4,)', 'latest', undefined])(
    'the configuration of version %s is asked for',
    async (version) => {
      const query = version === undefined ? '' : `?version=${encodeURIComponent(version)}`;
      const answers = await Promise.all(
        [java.url, ours.restUrl].map(async (url) => {
          const response = await fetch(`${url}/connector-plugins/FileStreamSource/config${query}`);
          const body = (await response.json()) as { message?: string };
          return [response.status, body.message?.replace('[4.3.1, 4.3.1]', '[4.3.1]')];
        }),
      );
      expect(answers[1]).toEqual(answers[0]);
    },
  );

  test('have the order of Maven', () => {
    const part = fc.constantFrom(
      '0',
      '1',
      '2',
      '10',
      'rc',
      'rc1',
      'RC-2',
      'a1',
      'b2',
      'alpha',
      'beta3',
      'SNAPSHOT',
      'sp',
      'ccs',
      'cp1',
    );
    const version = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.tuple(fc.constantFrom('.', '-'), part), { maxLength: 3 }))
      .map(([first, rest]) => `${first}${rest.map((it) => it.join('')).join('')}`);
    const pairs = fc.sample(fc.tuple(version, version), 3000);
    const { stdout, status } = spawnSync('java', ['-cp', join(kafkaLibs(), '*'), ORACLE], {
      input: pairs.map((pair) => `${pair.join('\t')}\n`).join(''),
    });
    expect(status).toBe(0);
    const theirs = stdout.toString().trim().split('\n').map(Number);
    const different = pairs.filter(([a, b], i) => Math.sign(compareVersions(a, b)) !== theirs[i]);
    expect(different).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { runInProcess } from '../../kit/run-program.ts';

test('connect-distributed says how to run the same file, and fails', async () => {
  const { code, stdout, stderr } = await runInProcess(['connect-distributed', 'config/my-worker.properties']);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain("Runnel's worker is standalone, it joins no Connect cluster");
  expect(stderr).toContain('runnel connect-standalone config/my-worker.properties connector.json');
  expect(stderr).toContain('offset.storage.file.filename');
});

test.each([[[]], [['--daemon', 'worker.properties']]])(
  'connect-distributed %j needs no Kafka to say so',
  async (args) => {
    expect((await runInProcess(['connect-distributed', ...args])).stderr).toContain(
      'connect-standalone worker.properties',
    );
  },
);

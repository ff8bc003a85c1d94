import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../../main/broker/log/file-system.ts';
import { MemoryFileSystem } from '../../../../main/broker/log/memory-file-system.ts';
import { NodeFileSystem } from '../../../../main/broker/log/node-file-system.ts';
import { MockTime } from '../../../kit/mock-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'memory-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inMemory = (maxBytes = 2 ** 30) => new MemoryFileSystem(new MockTime(), maxBytes);

type Step =
  | { do: 'write'; chunks: Uint8Array[]; at: number }
  | { do: 'truncate'; size: number }
  | { do: 'read'; at: number; length: number };

const position = fc.oneof(fc.nat(2_000), fc.integer({ min: 260_000, max: 263_000 }), fc.nat(600_000));
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.nat(300_000).map((length) => new Uint8Array(length)),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('write' as const), chunks: fc.array(bytes, { maxLength: 3 }), at: position }),
  fc.record({ do: fc.constant('truncate' as const), size: position }),
  fc.record({ do: fc.constant('read' as const), at: position, length: fc.nat(400_000) }),
);

function outcome(system: FileSystem, path: string, steps: readonly Step[]): unknown[] {
  const file = system.open(path, 'create');
  const seen: unknown[] = [];
  for (const each of steps) {
    if (each.do === 'write') file.write(each.chunks, each.at);
    else if (each.do === 'truncate') file.truncate(each.size);
    else {
      const target = Buffer.alloc(each.length, 7);
      seen.push(file.read(target, each.at), target);
    }
  }
  const whole = Buffer.alloc(file.size());
  file.read(whole, 0);
  file.close();
  return [...seen, whole];
}

test('a file in memory holds what one on the disk holds, whatever is written, cut and read', () => {
  let files = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const system = inMemory();
      system.makeDirectory('/log');
      const path = join(folder, `file-${files++}`);
      // Writing nothing behind the end makes a file longer here and not there: nobody does it.
      const sound = steps.filter((each) => each.do !== 'write' || each.chunks.some(({ length }) => length > 0));
      const [ours, theirs] = [outcome(system, '/log/file', sound), outcome(new NodeFileSystem(), path, sound)];
      rmSync(path);
      expect(ours.length).toBe(theirs.length);
      for (const [i, each] of ours.entries()) {
        const other = theirs[i];
        expect(Buffer.isBuffer(each) ? each.equals(other as Buffer) : each === other).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

describe.each<[string, () => [FileSystem, string]]>([
  ['memory', () => [inMemory(), '/data']],
  ['the disk', () => [new NodeFileSystem(), mkdtempSync(join(folder, 'tree-'))]],
])('a tree of files in %s', (_, make) => {
  test('is renamed with what is in it, and tells what is not there', () => {
    const [system, root] = make();
    system.makeDirectory(join(root, 'a', 'b'));
    system.open(join(root, 'a', 'b', 'f'), 'create').close();
    expect(() => system.open(join(root, 'a', 'g'), 'write')).toThrow(/ENOENT/);
    expect(() => system.removeDirectory(join(root, 'a'))).toThrow(/ENOTEMPTY/);
    system.rename(join(root, 'a'), join(root, 'c'));
    expect(system.exists(join(root, 'a', 'b', 'f'))).toBe(false);
    expect(system.isDirectory(join(root, 'c', 'b'))).toBe(true);
    expect(system.list(join(root, 'c', 'b'))).toEqual(['f']);
    expect(system.list(root)).toEqual(['c']);
    system.removeFile(join(root, 'c', 'b', 'f'));
    system.removeDirectory(join(root, 'c', 'b'));
    expect(system.list(join(root, 'c'))).toEqual([]);
    expect(() => system.removeFile(join(root, 'c', 'b', 'f'))).toThrow(/ENOENT/);
  });
});

test('all files together have a bound: beyond it there is no space, until something is removed', () => {
  const system = inMemory(1000);
  system.makeDirectory('/log');
  const a = system.open('/log/a', 'create');
  const b = system.open('/log/b', 'create');
  a.write([Buffer.alloc(600)], 0);
  b.write([Buffer.alloc(400)], 0);
  expect(() => b.write([Buffer.from('x')], 400)).toThrow(/ENOSPC/);
  expect(() => b.truncate(401)).toThrow(/ENOSPC/);
  expect(b.size()).toBe(400);
  b.write([Buffer.alloc(400, 1)], 0);
  a.truncate(100);
  b.write([Buffer.alloc(500)], 400);
  expect(system.usedBytes).toBe(1000);
  system.rename('/log/a', '/log/b');
  expect(system.usedBytes).toBe(100);
  // What is still open and has no name counts no more.
  b.write([Buffer.alloc(5000)], 0);
  expect(system.usedBytes).toBe(100);
  system.removeFile('/log/b');
  expect(system.usedBytes).toBe(0);
});

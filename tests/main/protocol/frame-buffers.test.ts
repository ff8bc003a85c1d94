import { describe, expect, test } from 'vitest';
import { FrameBuffers } from '../../../main/protocol/frame-buffers.ts';
import { FrameReader } from '../../../main/protocol/frame-reader.ts';

const frame = (bytes: number, fill: number) => {
  const whole = Buffer.alloc(4 + bytes, fill);
  whole.writeInt32BE(bytes, 0);
  return whole;
};

/** In pieces, as a socket delivers them. */
function read(reader: FrameReader, bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) frames.push(...reader.push(bytes.subarray(at, at + 65_536)));
  return frames;
}

describe('buffers of frames', () => {
  test('are used again once they were given back, and not before', () => {
    const buffers = new FrameBuffers();
    const reader = new FrameReader({ maxFrameBytes: 10_000_000, buffers });
    const [first] = read(reader, frame(300_000, 1));
    const [second] = read(reader, frame(500_000, 2));
    expect(first?.buffer).not.toBe(second?.buffer);
    expect(first).toEqual(Buffer.alloc(300_000, 1));
    expect(second).toEqual(Buffer.alloc(500_000, 2));

    buffers.give(first!);
    const [third] = read(reader, frame(900_000, 3));
    expect(third?.buffer).toBe(first?.buffer);
    expect(third).toEqual(Buffer.alloc(900_000, 3));
    expect(second).toEqual(Buffer.alloc(500_000, 2));
  });

  test('serve frames that are cut in the middle of each other only once each', () => {
    const buffers = new FrameBuffers();
    const [one, two] = [1, 2].map(() => new FrameReader({ maxFrameBytes: 10_000_000, buffers }));
    const [a, b] = [frame(400_000, 1), frame(400_000, 2)];
    one!.push(a.subarray(0, 200_000));
    two!.push(b.subarray(0, 200_000));
    expect(one!.push(a.subarray(200_000))).toEqual([Buffer.alloc(400_000, 1)]);
    expect(two!.push(b.subarray(200_000))).toEqual([Buffer.alloc(400_000, 2)]);
  });

  test('are not for small frames, nor for those over a megabyte, which keep buffers of their own', () => {
    const buffers = new FrameBuffers();
    const reader = new FrameReader({ maxFrameBytes: 10_000_000, buffers });
    for (const bytes of [1, 65_536, 1_048_577, 5_000_000]) {
      const [whole] = read(reader, frame(bytes, 7));
      expect(whole?.equals(Buffer.alloc(bytes, 7))).toBe(true);
      buffers.give(whole!);
      expect(whole?.buffer).not.toBe(buffers.take(300_000)?.buffer);
    }
  });
});

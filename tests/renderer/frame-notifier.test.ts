import { describe, expect, test } from 'vitest';
import { FrameNotifier } from '../../renderer/frame-notifier.ts';

class FakeFrames {
  #next: ((now: number) => void) | undefined;
  readonly requestAnimationFrame = (callback: (now: number) => void): number => {
    this.#next = callback;
    return 1;
  };
  readonly cancelAnimationFrame = (): void => {
    this.#next = undefined;
  };
  /** Runs the frame that was asked for; false when none was. */
  frame(now: number): boolean {
    const next = this.#next;
    this.#next = undefined;
    next?.(now);
    return next !== undefined;
  }
}

function notifier() {
  const frames = new FakeFrames();
  const subject = new FrameNotifier(frames);
  const heard = { frames: 0, calm: 0 };
  subject.subscribe(() => heard.frames++);
  subject.subscribeCalm(() => heard.calm++);
  return { frames, subject, heard };
}

describe('FrameNotifier', () => {
  test('tells once a frame, however often something changed', () => {
    const { frames, subject, heard } = notifier();
    for (let change = 0; change < 1000; change++) subject.changed();
    frames.frame(16);
    expect(heard.frames).toBe(1);
    expect(frames.frame(33)).toBe(false);
  });

  test('leaves out every second frame while they take long', () => {
    const { frames, subject, heard } = notifier();
    let now = 1_000;
    for (let frame = 0; frame < 10; frame++) {
      subject.changed();
      frames.frame((now += 50));
    }
    expect(heard.frames).toBe(5);
    heard.frames = 0;
    for (let frame = 0; frame < 10; frame++) {
      subject.changed();
      frames.frame((now += 16.7));
    }
    expect(heard.frames).toBe(10);
  });

  test('tells the calm twice a second, and everyone at once of what a person did', () => {
    const { frames, subject, heard } = notifier();
    for (let now = 0; now < 2_000; now += 16) {
      subject.changed();
      frames.frame(now);
    }
    expect(heard.calm).toBe(4);
    const before = { ...heard };
    subject.now();
    expect(heard).toEqual({ frames: before.frames + 1, calm: before.calm + 1 });
    expect(frames.frame(2_001)).toBe(false);
  });
});

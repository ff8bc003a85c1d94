/** Chance that can be repeated: the same seed and stream number give the same draws. Not for secrets. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** In [0, bound). */
  int(bound: number): number;
}

/** sfc32, seeded by two numbers: `stream` is the post's number, so that any post can be made by itself. */
export function seededRandom(seed: number, stream: number): Random {
  let a = Math.imul(seed | 0, 0x9e3779b1) ^ (Math.floor(seed / 2 ** 32) | 0);
  let b = stream | 0;
  let c = Math.floor(stream / 2 ** 32) | 0;
  let counter = 1;
  const draw = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) draw();
  return {
    next: () => draw() / 2 ** 32,
    int: (bound) => Math.floor((draw() / 2 ** 32) * bound),
  };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  if (from.length === 0) throw new Error('pick: nothing to pick from');
  return from[random.int(from.length)] as T;
}

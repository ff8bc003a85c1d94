/**
 * Makes long messages short without changing their CRC-32C, sixteen bytes a step and with nothing but XOR.
 *
 * A message is a polynomial over GF(2), its checksum the rest of a division by Castagnoli's P. With y = x^64, a word of
 * eight bytes, P divides y^209 + y^144 + y^54 + y^39 + y^14 + 1 (found by search: no multiple of P in y with six terms
 * is shorter; a test divides it). So a word may be taken away where it stands when it is XORed to the words 65, 155,
 * 170, 195 and 209 places behind it. Done from the beginning on, all but the last 209 words are gone (Russell,
 * "Chorba: A novel CRC32 implementation", 2024, has the idea).
 *
 * WebAssembly has the vectors for it. It works in a memory of its own, since the message is not to be changed.
 */
const WORD_BYTES = 8;
export const FOLD_DISTANCES: readonly number[] = [65, 155, 170, 195, 209];
const LONGEST = 209 * WORD_BYTES;
const STEP_BYTES = 16;
const PAGE_BYTES = 64 * 1024;

/** At most so many bytes at once: they stay in the processor's cache. */
export const MAX_FOLD_BYTES = 256 * 1024;
/** In the memory: zeros before the message, the message, zeros behind it, what is left. */
const MESSAGE_AT = 2 * 1024;
const REST_AT = MESSAGE_AT + MAX_FOLD_BYTES + 2 * 1024;
const PAGES = Math.ceil((REST_AT + LONGEST + STEP_BYTES) / PAGE_BYTES);

/** To the vector at `i + delta` come those at the distances before `i`, for `i` from `from` on while it is before `to`. */
type Fold = (from: number, to: number, delta: number) => void;

/** What is used of WebAssembly's interface: the types of Node have none of it. */
interface WebAssemblyInterface {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: { m: { m: object } }) => { readonly exports: { readonly fold: Fold } };
}

export class Crc32cFolding {
  readonly #memory: Uint8Array;
  readonly #fold: Fold;

  constructor() {
    const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
    const memory = new Memory({ initial: PAGES });
    this.#memory = new Uint8Array(memory.buffer);
    this.#fold = new Instance(new Module(moduleBytes()), { m: { m: memory } }).exports.fold;
  }

  /**
   * About 1.7 KiB that, begun with the register 0, leave the register as `bytes[start, end)` do, begun with `state`.
   * Good until the next call. There have to be more than 2 KiB and at most `MAX_FOLD_BYTES`.
   */
  fold(bytes: Uint8Array, start: number, end: number, state: number): Uint8Array {
    const memory = this.#memory;
    const folded = (end - start - LONGEST) & -STEP_BYTES;
    const foldedEnd = MESSAGE_AT + folded;
    memory.set(bytes.subarray(start, start + folded), MESSAGE_AT);
    for (let i = 0; i < 4; i++) memory[MESSAGE_AT + i]! ^= state >>> (8 * i);
    memory.fill(0, foldedEnd, foldedEnd + LONGEST + STEP_BYTES);
    memory.set(bytes.subarray(start + folded, end), REST_AT);
    this.#fold(MESSAGE_AT, foldedEnd, 0);
    this.#fold(foldedEnd, foldedEnd + LONGEST, REST_AT - foldedEnd);
    return memory.subarray(REST_AT, REST_AT + end - start - folded);
  }
}

/** The function `fold`, as WebAssembly's binary format has it (https://webassembly.github.io/spec/core/binary/). */
function moduleBytes(): Uint8Array {
  const [from, to, delta] = [0, 1, 2];
  const get = (local: number) => [0x20, local];
  const add = 0x6a;
  const target = [...get(from), ...get(delta), add];
  const load = (offset: number) => [0xfd, 0x00, 0, ...leb128(offset)];
  const xor = [0xfd, 0x51];
  const body = [
    0, // no further locals
    ...[0x03, 0x40], // loop
    ...target,
    ...target,
    ...load(0),
    ...FOLD_DISTANCES.flatMap((distance) => [
      ...[...get(from), 0x41, ...signedLeb128(distance * WORD_BYTES), 0x6b], // i32.const, i32.sub
      ...load(0),
      ...xor,
    ]),
    ...[0xfd, 0x0b, 0, 0], // v128.store
    ...[...get(from), 0x41, STEP_BYTES, add, 0x22, from], // local.tee
    ...[...get(to), 0x49, 0x0d, 0], // i32.lt_u, br_if
    0x0b,
    0x0b,
  ];
  const i32 = 0x7f;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [0x60, 3, i32, i32, i32, 0]),
    ...section(2, [...name('m'), ...name('m'), 0x02, 0, PAGES]),
    ...section(3, [0]),
    ...section(7, [...name('fold'), 0, 0]),
    ...section(10, [...leb128(body.length), ...body]),
  ]);
}

/** A section with one entry. */
const section = (id: number, entry: readonly number[]) => [id, ...leb128(entry.length + 1), 1, ...entry];

const name = (text: string) => [text.length, ...Buffer.from(text)];

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}

/** Of a positive number: its highest bit may not look like a sign. */
function signedLeb128(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb128(value >>> 7)];
}

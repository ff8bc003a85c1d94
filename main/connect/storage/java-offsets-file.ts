import { ConnectException } from '../../../common/errors.ts';
import type { SourceMap } from '../api/records.ts';
import { parsePartitionKey, parseSourceMap } from '../api/source-map.ts';

/** What Kafka Connect's standalone worker knew of one source partition. */
export interface JavaOffset {
  connector: string;
  partition: SourceMap;
  offset: SourceMap;
}

export interface JavaOffsets {
  offsets: JavaOffset[];
  /** Entries whose offset was reset: their key is there, with null. */
  reset: number;
  /** Keys that name no connector and partition; Kafka Connect passes over them too. */
  foreign: string[];
}

/**
 * The contents of a file of Java's `FileOffsetBackingStore`: a serialised `HashMap<byte[], byte[]>` whose keys are
 * `["connector",{partition}]` and whose values are `{offset}` or null, both JSON. Reads that type and nothing else,
 * and makes no object of a class that the file names. Throws ConnectException (DATA_UNREADABLE) with file and byte.
 *
 * Java: Object Serialization Stream Protocol, section 6.4; `HashMap.writeObject`.
 */
export function parseJavaOffsets(file: string, bytes: Buffer): JavaOffsets {
  const entries = new JavaMapReader(file, bytes).entries();
  const result: JavaOffsets = { offsets: [], reset: 0, foreign: [] };
  for (const { key, value } of entries) {
    const text = key === null ? 'null' : utf8(file, key);
    const partitionKey = json(file, key, () => parsePartitionKey(text));
    if (partitionKey === null) result.foreign.push(text);
    else if (value === null) result.reset++;
    else {
      const valueText = utf8(file, value);
      if (valueText.trim() === 'null') result.reset++;
      else result.offsets.push({ ...partitionKey, offset: json(file, value, () => parseSourceMap(valueText)) });
    }
  }
  return result;
}

/** A byte array of the stream. */
interface Piece {
  bytes: Buffer;
  at: number;
}

const MAGIC_AND_VERSION = 0xaced0005;
const TC_NULL = 0x70;
const TC_REFERENCE = 0x71;
const TC_CLASSDESC = 0x72;
const TC_OBJECT = 0x73;
const TC_ARRAY = 0x75;
const TC_BLOCKDATA = 0x77;
const TC_ENDBLOCKDATA = 0x78;
const FIRST_HANDLE = 0x7e0000;

/** Name, serialVersionUID, flags and fields as they stand in the stream: `float loadFactor`, `int threshold`. */
const HASH_MAP = Buffer.concat([
  javaUtf('java.util.HashMap'),
  Buffer.from('0507dac1c31660d1', 'hex'),
  Buffer.from([3, 0, 2]),
  Buffer.from('F'),
  javaUtf('loadFactor'),
  Buffer.from('I'),
  javaUtf('threshold'),
]);
const BYTE_ARRAY = Buffer.concat([javaUtf('[B'), Buffer.from('acf317f8060854e0', 'hex'), Buffer.from([2, 0, 0])]);

class JavaMapReader {
  readonly #file: string;
  readonly #bytes: Buffer;
  #at = 0;
  /** What the stream may refer to again, by its number: byte arrays, and null for what is none. */
  readonly #handles: (Piece | null)[] = [];
  #arrayClass: number | null = null;

  constructor(file: string, bytes: Buffer) {
    this.#file = file;
    this.#bytes = bytes;
  }

  entries(): { key: Piece | null; value: Piece | null }[] {
    if (this.#bytes.length === 0) throw damaged(this.#file, 0, 'it is empty');
    if (this.#bytes.length < 4 || this.#bytes.readUInt32BE(0) !== MAGIC_AND_VERSION)
      throw damaged(this.#file, 0, 'it does not begin as what Java serialises');
    this.#at = 4;
    this.#expect(TC_OBJECT, 'an object');
    this.#classDesc(HASH_MAP, 'java.util.HashMap');
    this.#handles.push(null, null);
    this.#take(8, 'the fields of the map');
    this.#expect(TC_BLOCKDATA, 'the size of the map');
    this.#expect(8, 'the size of the map');
    this.#take(4, 'the size of the map');
    const size = this.#take(4, 'the size of the map').readInt32BE();
    // An entry has at least two bytes: nothing is made by what the file claims alone.
    if (size < 0 || size > (this.#bytes.length - this.#at) / 2)
      throw damaged(this.#file, this.#at - 4, `it claims ${size} entries`);
    const entries = Array.from({ length: size }, () => ({ key: this.#piece(), value: this.#piece() }));
    this.#expect(TC_ENDBLOCKDATA, 'the end of the map');
    if (this.#at !== this.#bytes.length) throw damaged(this.#file, this.#at, 'something follows the map');
    return entries;
  }

  #piece(): Piece | null {
    const tag = this.#byte('an entry of the map');
    if (tag === TC_NULL) return null;
    if (tag === TC_REFERENCE) return this.#referred();
    if (tag !== TC_ARRAY) throw damaged(this.#file, this.#at - 1, 'an entry of the map is no byte[]');
    this.#arrayClassDesc();
    const length = this.#take(4, 'the length of a byte[]').readInt32BE();
    if (length < 0 || length > this.#bytes.length - this.#at)
      throw damaged(this.#file, this.#at - 4, `it claims ${length} bytes for an entry of the map`);
    const piece = { at: this.#at, bytes: this.#take(length, 'an entry of the map') };
    this.#handles.push(piece);
    return piece;
  }

  #referred(): Piece {
    const piece = this.#handles[this.#handle()];
    if (piece === null || piece === undefined)
      throw damaged(this.#file, this.#at - 4, 'an entry of the map refers to what is no byte[]');
    return piece;
  }

  #arrayClassDesc(): void {
    if (this.#arrayClass === null) {
      this.#classDesc(BYTE_ARRAY, 'byte[]');
      this.#arrayClass = this.#handles.push(null) - 1;
      return;
    }
    this.#expect(TC_REFERENCE, 'the class byte[]');
    if (this.#handle() !== this.#arrayClass)
      throw damaged(this.#file, this.#at - 4, 'an entry of the map is no byte[]');
  }

  #handle(): number {
    return this.#take(4, 'a reference').readInt32BE() - FIRST_HANDLE;
  }

  /** Without annotations and without a superclass that is serialised. */
  #classDesc(expected: Buffer, name: string): void {
    this.#expect(TC_CLASSDESC, `the class ${name}`);
    const at = this.#at;
    if (!this.#take(expected.length, `the class ${name}`).equals(expected))
      throw damaged(this.#file, at, `there should be the class ${name}`);
    this.#expect(TC_ENDBLOCKDATA, `the class ${name}`);
    this.#expect(TC_NULL, `the class ${name}`);
  }

  #expect(byte: number, what: string): void {
    if (this.#byte(what) !== byte) throw damaged(this.#file, this.#at - 1, `there should be ${what}`);
  }

  #byte(what: string): number {
    return this.#take(1, what)[0] as number;
  }

  #take(length: number, what: string): Buffer {
    if (this.#at + length > this.#bytes.length)
      throw damaged(this.#file, this.#bytes.length, `it ends in the middle of ${what}`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Of ASCII text: its length in two bytes, then it. */
function javaUtf(text: string): Buffer {
  return Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text, 'latin1')]);
}

function utf8(file: string, { bytes, at }: Piece): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(file, at, 'an entry of the map is no UTF-8', cause);
  }
}

function json<T>(file: string, piece: Piece | null, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw damaged(file, piece?.at ?? 0, `an entry of the map can't be used: ${(cause as Error).message}`, cause);
  }
}

function damaged(file: string, at: number, what: string, cause?: unknown): ConnectException {
  return new ConnectException(`${file} can't be read as Kafka Connect's offsets: at byte ${at}, ${what}`, {
    code: 'DATA_UNREADABLE',
    key: file,
    hint: 'Put a good copy in its place. If it never held offsets that matter, move it away: source connectors then begin at their start.',
    ...(cause === undefined ? {} : { cause }),
  });
}

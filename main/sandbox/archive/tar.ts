/** What a tar archive says of an entry before its bytes (POSIX.1-2001 `ustar`, with pax headers for long names). */
export interface TarHeader {
  readonly name: string;
  readonly type: 'file' | 'directory';
  readonly size: number;
  /** s since 1970 UTC */
  readonly modified: number;
}

export const BLOCK_BYTES = 512;
/** Everything of a topic's longest name, and a few more attributes, fits. */
const MAX_PAX_BYTES = 64 * 1024;
const NAME_BYTES = 100;
const TYPES = { file: '0', directory: '5', pax: 'x', globalPax: 'g' } as const;

/** Not an archive of this kind, or a damaged one. */
export class TarFormatError extends Error {}

/** The blocks that go before an entry's bytes. Names are ASCII. */
export function encodeTarHeader({ name, type, size, modified }: TarHeader): Buffer {
  if (name.length <= NAME_BYTES) return block(name, TYPES[type], size, modified);
  const record = paxRecord('path', name);
  return Buffer.concat([
    block('PaxHeader', TYPES.pax, record.length, modified),
    record,
    padding(record.length),
    block(name.slice(0, NAME_BYTES), TYPES[type], size, modified),
  ]);
}

/** What goes behind so many bytes, so that the next entry begins with a block. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** How an archive ends. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

function block(name: string, type: string, size: number, modified: number): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, width: number) =>
    header.write(
      `${Math.floor(value)
        .toString(8)
        .padStart(width - 1, '0')}\0`,
      at,
      'latin1',
    );
  header.write(name, 0, NAME_BYTES, 'latin1');
  octal(type === TYPES.directory ? 0o700 : 0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modified, 136, 12);
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** Of the header with spaces where the sum itself stands. */
function checksum(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += header[i] as number;
  return sum;
}

/** `LENGTH key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return Buffer.from(`${length}${rest}`, 'latin1');
}

/**
 * The entries of an archive in their order. The bytes of each (`content`) have to be read before the next is asked for.
 *
 * `source` is read to its end: a checksum may stand there.
 *
 * @throws TarFormatError when it is no such archive, is damaged or ends too early; of kinds other than files and
 *   directories (links, devices) too
 */
export async function* tarEntries(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<TarHeader & { content: AsyncIterable<Buffer> }> {
  const bytes = new ByteSource(source);
  let longName: string | undefined;
  for (;;) {
    const header = await bytes.exactly(BLOCK_BYTES);
    if (isZero(header)) return bytes.onlyZerosLeft();
    if (number(header, 148, 8) !== checksum(header)) throw new TarFormatError('it is no tar archive, or it is damaged');
    const type = header.toString('latin1', 156, 157);
    const size = number(header, 124, 12);
    if (type === TYPES.pax || type === TYPES.globalPax) {
      if (size > MAX_PAX_BYTES) throw new TarFormatError('a header is too long');
      const attributes = paxAttributes(await bytes.exactly(size));
      await bytes.exactly(padding(size).length);
      if (type === TYPES.pax) longName = attributes.get('path');
      if (attributes.has('size')) throw new TarFormatError('a file is too large');
      continue;
    }
    if (type !== TYPES.file && type !== '\0' && type !== TYPES.directory)
      throw new TarFormatError(`${text(header, 0, NAME_BYTES)} is neither a file nor a folder`);
    const prefix = text(header, 345, 155);
    const own = text(header, 0, NAME_BYTES);
    const name = longName ?? (prefix === '' ? own : `${prefix}/${own}`);
    longName = undefined;
    const isDirectory = type === TYPES.directory;
    const content = bytes.chunks(isDirectory ? 0 : size);
    yield { name, type: isDirectory ? 'directory' : 'file', size, modified: number(header, 136, 12), content };
    await bytes.exactly(padding(isDirectory ? 0 : size).length);
  }
}

function text(header: Buffer, at: number, width: number): string {
  const field = header.toString('latin1', at, at + width);
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}

function number(header: Buffer, at: number, width: number): number {
  const field = text(header, at, width).trim();
  if (!/^[0-7]*$/.test(field)) throw new TarFormatError('it is no tar archive, or it is damaged');
  return Number.parseInt(field || '0', 8);
}

function paxAttributes(bytes: Buffer): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || length < 5 || at + length > bytes.length)
      throw new TarFormatError('a header is damaged');
    const record = bytes.toString('latin1', space + 1, at + length - 1);
    attributes.set(record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1));
    at += length;
  }
  return attributes;
}

/** Bytes in the portions that are asked for. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.chunks(count)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *chunks(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) throw new TarFormatError('it ends too early');
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async onlyZerosLeft(): Promise<void> {
    for (let rest: Buffer | undefined = this.#rest; rest !== undefined; ) {
      if (!isZero(rest)) throw new TarFormatError('something follows its end');
      const next: IteratorResult<Buffer> = await this.#chunks.next();
      rest = next.done ? undefined : next.value;
    }
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

import { SchemaException, UnsupportedVersionException } from '../exceptions.ts';
import { type Codec, compileStruct } from './codec.ts';
import type { Decoded, Encodable, Fields } from './fields.ts';
import { MAX_ELEMENTS, Reader } from './reader.ts';
import { includes, type VersionRange, versionRange } from './versions.ts';
import { Writer } from './writer.ts';

export interface MessageDeclaration<F extends Fields> {
  /** `ProduceRequest` */
  readonly name: string;
  /** versions that can be read and written */
  readonly versions: string;
  /** versions with compact lengths and tagged fields (KIP-482) */
  readonly flexible: string;
  readonly fields: F;
}

/** A message of the protocol: its table, and readers and writers for each version, compiled when first used. */
export class Message<F extends Fields = Fields> {
  readonly name: string;
  readonly versions: VersionRange;
  readonly flexible: VersionRange;
  readonly fields: F;
  readonly #codecs: (Codec | undefined)[] = [];

  constructor(declaration: MessageDeclaration<F>) {
    this.name = declaration.name;
    this.versions = versionRange(declaration.versions);
    this.flexible = versionRange(declaration.flexible);
    this.fields = declaration.fields;
  }

  /** @throws UnsupportedVersionException */
  #codec(version: number): Codec {
    const known = this.#codecs[version];
    if (known) return known;
    if (!includes(this.versions, version)) {
      throw new UnsupportedVersionException(`${this.name} has no version ${version}`, { key: this.name });
    }
    const made = compileStruct(this.fields, version, includes(this.flexible, version));
    this.#codecs[version] = made;
    return made;
  }

  /**
   * All of `bytes` from `position` on. Buffers in the result share memory with it.
   *
   * @throws SchemaException when the bytes are not such a message or go on behind it, UnsupportedVersionException
   */
  decode(version: number, bytes: Buffer, position = 0, maxElements = MAX_ELEMENTS): Decoded<F> {
    const reader = new Reader(bytes, position, maxElements);
    const value = this.read(version, reader);
    if (reader.remaining > 0) {
      throw new SchemaException(`${reader.remaining} bytes follow the ${this.name} of version ${version}`);
    }
    return value;
  }

  encode(version: number, value: Encodable<F>): Buffer {
    const writer = new Writer();
    this.write(version, writer, value);
    return writer.concat();
  }

  read(version: number, reader: Reader): Decoded<F> {
    return this.#codec(version).read(reader) as Decoded<F>;
  }

  write(version: number, writer: Writer, value: Encodable<F>): void {
    this.#codec(version).write(writer, value);
  }

  /** With the version as int16 in front, as messages that are stored or nested have it. */
  encodeVersioned(version: number, value: Encodable<F>): Buffer {
    const writer = new Writer();
    writer.int16(version);
    this.write(version, writer, value);
    return writer.concat();
  }

  /** @throws UnsupportedVersionException for a version of the future: the caller decides whether to skip it */
  decodeVersioned(bytes: Buffer): { version: number; value: Decoded<F> } {
    const version = new Reader(bytes).int16();
    return { version, value: this.decode(version, bytes, 2) };
  }
}

export function message<const F extends Fields>(declaration: MessageDeclaration<F>): Message<F> {
  return new Message(declaration);
}

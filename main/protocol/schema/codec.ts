import { SchemaException } from '../exceptions.ts';
import { defaultOf, isDefaultOf } from './defaults.ts';
import type { Fields, FieldType, Scalar } from './fields.ts';
import type { Reader } from './reader.ts';
import { includes } from './versions.ts';
import { Writer } from './writer.ts';

/** Reads and writes one type in one version. Made once by `compileStruct`, then only called. */
export interface Codec {
  read(reader: Reader): unknown;
  write(writer: Writer, value: unknown): void;
  /** Bytes that a value takes at least. */
  readonly minBytes: number;
}

type Values = { [name: string]: unknown };

interface Slot {
  readonly name: string;
  readonly codec: Codec;
  readonly makeDefault: () => unknown;
}

interface TaggedSlot extends Slot {
  readonly tag: number;
  readonly isDefault: (value: unknown) => boolean;
}

/** Plain fields in order, then (flexible versions) a count of tagged fields and each as tag, size, value (KIP-482). */
export function compileStruct(fields: Fields, version: number, flexible: boolean): Codec {
  const plain: Slot[] = [];
  const tagged: TaggedSlot[] = [];
  /** Defaults that can be shared, for all fields: it gives every message the same shape. */
  const template: Values = {};
  /** Defaults that must be made afresh, of fields that are not read in this version or may be missing. */
  const fresh: { name: string; make: () => unknown }[] = [];
  for (const [name, declared] of Object.entries(fields)) {
    const makeDefault = defaultOf(declared, version);
    const present = includes(declared.versions, version);
    const value = makeDefault();
    template[name] = typeof value === 'object' ? null : value;
    if (typeof value === 'object' && value !== null && (!present || declared.tag !== undefined)) {
      fresh.push({ name, make: makeDefault });
    }
    if (!present) continue;
    const codec = compileType(
      declared.type,
      includes(declared.nullable, version),
      version,
      flexible,
      declared.tag !== undefined,
    );
    if (declared.tag === undefined) plain.push({ name, codec, makeDefault });
    else if (flexible) tagged.push({ name, codec, makeDefault, tag: declared.tag, isDefault: isDefaultOf(declared) });
  }
  tagged.sort((a, b) => a.tag - b.tag);
  const byTag = new Map(tagged.map((slot) => [slot.tag, slot]));

  return {
    minBytes: plain.reduce((sum, slot) => sum + slot.codec.minBytes, flexible ? 1 : 0),
    read(reader) {
      const values: Values = { ...template };
      for (const { name, make } of fresh) values[name] = make();
      let at: string | undefined;
      try {
        for (const slot of plain) {
          at = slot.name;
          values[at] = slot.codec.read(reader);
        }
        at = undefined;
        if (flexible) {
          const count = reader.unsignedVarint();
          if (count > 0) {
            // Each takes two bytes at least: tag and size.
            reader.elements(count, 2);
            for (let i = 0; i < count; i++) readTagged(reader, values, byTag);
          }
        }
      } catch (error) {
        throw at !== undefined && error instanceof SchemaException ? error.inField(at) : error;
      }
      return values;
    },
    write(writer, value) {
      const values = value as Values;
      let at: string | undefined;
      try {
        for (const slot of plain) {
          at = slot.name;
          const given = values[at];
          slot.codec.write(writer, given === undefined ? slot.makeDefault() : given);
        }
        if (flexible) writeTagged(writer, values, tagged);
      } catch (error) {
        throw at === undefined ? error : atField(error, at);
      }
    },
  };
}

function readTagged(reader: Reader, values: Values, known: ReadonlyMap<number, TaggedSlot>): void {
  const tag = reader.unsignedVarint();
  const size = reader.unsignedVarint();
  const slot = known.get(tag);
  if (!slot) {
    // From a version of Kafka that knows more than ours: skipping is what the format is for.
    reader.skip(size);
    return;
  }
  const end = reader.position + size;
  if (size > reader.remaining) throw new SchemaException(`Tagged field ${tag} claims ${size} bytes`);
  values[slot.name] = slot.codec.read(reader);
  if (reader.position !== end) {
    throw new SchemaException(
      `Tagged field '${slot.name}' claims ${size} bytes, it takes ${size + reader.position - end}`,
    );
  }
}

function writeTagged(writer: Writer, values: Values, tagged: readonly TaggedSlot[]): void {
  const sent = tagged.filter(({ name, isDefault }) => values[name] !== undefined && !isDefault(values[name]));
  writer.unsignedVarint(sent.length);
  for (const { name, codec, tag } of sent) {
    const inner = new Writer();
    codec.write(inner, values[name]);
    writer.unsignedVarint(tag);
    writer.unsignedVarint(inner.length);
    for (const chunk of inner.chunks()) writer.bytes(chunk);
  }
}

/** Wrong values make Node's own errors; the field's name is what helps. */
function atField(error: unknown, name: string): unknown {
  if (error instanceof SchemaException) return error.inField(name);
  if (error instanceof RangeError || error instanceof TypeError) {
    return new SchemaException(error.message, { cause: error }).inField(name);
  }
  return error;
}

function compileType(type: FieldType, nullable: boolean, version: number, flexible: boolean, tagged = false): Codec {
  switch (type.kind) {
    case 'scalar':
      return scalarCodec(type.scalar, nullable, flexible);
    case 'array':
      return arrayCodec(compileType(type.element, false, version, flexible), nullable, flexible);
    case 'struct': {
      const codec = compileStruct(type.fields, version, flexible);
      return nullable ? nullableStruct(codec, tagged) : codec;
    }
  }
}

const notNull = () => new SchemaException('null stands where the version does not allow it');

/**
 * A byte in front: -1 for null, 1 for a struct (KIP-893). In a tagged field Kafka's generator writes 0 for null,
 * as a varint.
 */
function nullableStruct(codec: Codec, tagged: boolean): Codec {
  return {
    minBytes: 1,
    read: (reader) => ((tagged ? reader.unsignedVarint() === 0 : reader.int8() < 0) ? null : codec.read(reader)),
    write(writer, value) {
      if (tagged) writer.unsignedVarint(value === null ? 0 : 1);
      else writer.int8(value === null ? -1 : 1);
      if (value !== null) codec.write(writer, value);
    },
  };
}

/** Lengths are int32 (-1 for null), in flexible versions a varint of length + 1 (0 for null). */
function readLength(reader: Reader, nullable: boolean, compact: boolean): number {
  const length = compact ? reader.unsignedVarint() - 1 : reader.int32();
  if (length === -1 && !nullable) throw notNull();
  if (length < -1) throw new SchemaException(`A length of ${length} can't be`);
  return length;
}

function writeLength(writer: Writer, length: number, compact: boolean): void {
  if (compact) writer.unsignedVarint(length + 1);
  else writer.int32(length);
}

function arrayCodec(element: Codec, nullable: boolean, compact: boolean): Codec {
  return {
    minBytes: compact ? 1 : 4,
    read(reader) {
      const length = readLength(reader, nullable, compact);
      if (length < 0) return null;
      const count = reader.elements(length, element.minBytes);
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(element.read(reader));
      return values;
    },
    write(writer, value) {
      if (value === null && !nullable) throw notNull();
      const values = value as readonly unknown[] | null;
      writeLength(writer, values ? values.length : -1, compact);
      if (values) for (const each of values) element.write(writer, each);
    },
  };
}

function scalarCodec(scalar: Scalar, nullable: boolean, compact: boolean): Codec {
  switch (scalar) {
    case 'bool':
      return { minBytes: 1, read: (r) => r.bool(), write: (w, v) => w.bool(v as boolean) };
    case 'int8':
      return { minBytes: 1, read: (r) => r.int8(), write: (w, v) => w.int8(v as number) };
    case 'int16':
      return { minBytes: 2, read: (r) => r.int16(), write: (w, v) => w.int16(v as number) };
    case 'uint16':
      return { minBytes: 2, read: (r) => r.uint16(), write: (w, v) => w.uint16(v as number) };
    case 'int32':
      return { minBytes: 4, read: (r) => r.int32(), write: (w, v) => w.int32(v as number) };
    case 'uint32':
      return { minBytes: 4, read: (r) => r.uint32(), write: (w, v) => w.uint32(v as number) };
    case 'int64':
      return { minBytes: 8, read: (r) => r.int64(), write: (w, v) => w.int64(v as bigint) };
    case 'float64':
      return { minBytes: 8, read: (r) => r.float64(), write: (w, v) => w.float64(v as number) };
    case 'uuid':
      return { minBytes: 16, read: (r) => r.uuid(), write: (w, v) => w.uuid(v as string) };
    case 'string':
      return stringCodec(nullable, compact);
    case 'bytes':
    case 'records':
      return bytesCodec(nullable, compact);
  }
}

function stringCodec(nullable: boolean, compact: boolean): Codec {
  return {
    minBytes: compact ? 1 : 2,
    read(reader) {
      const length = compact ? reader.unsignedVarint() - 1 : reader.int16();
      if (length >= 0) return reader.string(length);
      if (length < -1) throw new SchemaException(`A string length of ${length} can't be`);
      if (!nullable) throw notNull();
      return null;
    },
    write(writer, value) {
      if (value !== null) return writer.string(value as string, compact);
      if (!nullable) throw notNull();
      if (compact) writer.unsignedVarint(0);
      else writer.int16(-1);
    },
  };
}

function bytesCodec(nullable: boolean, compact: boolean): Codec {
  return {
    minBytes: compact ? 1 : 4,
    read(reader) {
      const length = readLength(reader, nullable, compact);
      return length < 0 ? null : reader.bytes(length);
    },
    write(writer, value) {
      if (value === null) {
        if (!nullable) throw notNull();
        return writeLength(writer, -1, compact);
      }
      const parts = value instanceof Uint8Array ? [value] : (value as readonly Uint8Array[]);
      let length = 0;
      for (const part of parts) length += part.length;
      writeLength(writer, length, compact);
      for (const part of parts) writer.bytes(part);
    },
  };
}

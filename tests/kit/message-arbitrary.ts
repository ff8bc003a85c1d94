import fc from 'fast-check';
import type { Field, Fields, FieldType, Scalar } from '../../main/protocol/schema/fields.ts';
import { includes } from '../../main/protocol/schema/versions.ts';

/** Any value of a message's table in one version: what the version lacks is left out. */
export function messageArbitrary(fields: Fields, version: number): fc.Arbitrary<Record<string, unknown>> {
  const present = Object.entries(fields).filter(([, field]) => includes(field.versions, version));
  return fc.record(Object.fromEntries(present.map(([name, field]) => [name, fieldArbitrary(field, version)])));
}

function fieldArbitrary(field: Field, version: number): fc.Arbitrary<unknown> {
  const value = typeArbitrary(field.type, version);
  return includes(field.nullable, version) ? fc.option(value, { nil: null, freq: 4 }) : value;
}

function typeArbitrary(type: FieldType, version: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'array':
      return fc.array(typeArbitrary(type.element, version), { maxLength: 4 });
    case 'struct':
      return messageArbitrary(type.fields, version);
    case 'scalar':
      return SCALARS[type.scalar];
  }
}

const bytes = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1024, maxLength: 3000 }) },
);

const SCALARS: Record<Scalar, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -0x80, max: 0x7f }),
  int16: fc.integer({ min: -0x8000, max: 0x7fff }),
  uint16: fc.integer({ min: 0, max: 0xffff }),
  int32: fc.integer(),
  uint32: fc.nat(0xffff_ffff),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float64: fc.double(),
  // A lone surrogate has no UTF-8: it can't come back.
  string: fc.string({ unit: 'grapheme', maxLength: 20 }),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((each) => Buffer.from(each).toString('base64url')),
  bytes: bytes.map((each) => Buffer.from(each)),
  records: bytes.map((each) => Buffer.from(each)),
};

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Schema } from '../../../../main/connect/api/schema.ts';
import { SchemaBuilder } from '../../../../main/connect/api/schema-builder.ts';
import { Struct } from '../../../../main/connect/api/struct.ts';
import { valuesEqual } from '../../../../main/connect/api/value-equality.ts';
import { EnvelopeReader } from '../../../../main/connect/converters/json-envelope.ts';
import { schemaToJson } from '../../../../main/connect/converters/json-schema.ts';
import { writeValue } from '../../../../main/connect/converters/json-value-writer.ts';

const OPTIONS = { decimalFormat: 'BASE64', replaceNullWithDefault: true } as const;
const INNER = SchemaBuilder.struct().field('x', Schema.INT64_SCHEMA).optional().build();
const SCHEMA = SchemaBuilder.struct()
  .field('a "quoted" name', Schema.STRING_SCHEMA)
  .field('id', Schema.INT64_SCHEMA)
  .field('ratio', Schema.OPTIONAL_FLOAT64_SCHEMA)
  .field('on', Schema.OPTIONAL_BOOLEAN_SCHEMA)
  .field('inner', INNER)
  .field('text', Schema.OPTIONAL_STRING_SCHEMA)
  .build();

const struct = fc
  .tuple(
    fc.string({ unit: 'grapheme' }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    // Numbers with a point are read as BigDecimal, which has no negative zero, as in Connect.
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((ratio) => ratio + 0)),
    fc.option(fc.boolean()),
    fc.option(fc.bigInt({ min: -9n, max: 9n })),
    fc.option(fc.string()),
  )
  .map(([name, id, ratio, on, x, text]) =>
    new Struct(SCHEMA)
      .put('a "quoted" name', name)
      .put('id', id)
      .put('ratio', ratio)
      .put('on', on)
      .put('inner', x === null ? null : new Struct(INNER).put('x', x))
      .put('text', text),
  );

const envelope = (payload: string) => `{"schema":${schemaToJson(SCHEMA, OPTIONS)},"payload":${payload}}`;

/** One that has seen the schema, and so reads what it knows by heart. */
function knowing(): EnvelopeReader {
  const reader = new EnvelopeReader(10, OPTIONS);
  const any = new Struct(SCHEMA).put('a "quoted" name', '').put('id', 0n);
  reader.read(envelope(writeValue(SCHEMA, any, OPTIONS)));
  return reader;
}

function outcome(reader: EnvelopeReader, text: string): { value?: unknown; error?: string } {
  try {
    return { value: reader.read(text).value };
  } catch (error) {
    return { error: `${(error as Error).name}: ${(error as Error).message}` };
  }
}

test('what a known schema’s struct is read as is what was written', () => {
  fc.assert(
    fc.property(struct, (value) => {
      expect(valuesEqual(outcome(knowing(), envelope(writeValue(SCHEMA, value, OPTIONS))).value, value)).toBe(true);
    }),
  );
});

test('whatever is wrong with an envelope, a known schema makes no difference', () => {
  const damage = fc.record({
    at: fc.nat(),
    cut: fc.nat({ max: 3 }),
    put: fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ':',
      ',',
      '1',
      '.5',
      'e9',
      'null',
      ' ',
      '\n',
      '\u0001',
      '"b":1,',
    ),
  });
  fc.assert(
    fc.property(struct, damage, (value, { at, cut, put }) => {
      const text = writeValue(SCHEMA, value, OPTIONS);
      const from = at % (text.length + 1);
      const damaged = envelope(text.slice(0, from) + put + text.slice(from + cut));
      const [known, unknown] = [outcome(knowing(), damaged), outcome(new EnvelopeReader(10, OPTIONS), damaged)];
      expect(known.error).toBe(unknown.error);
      expect(valuesEqual(known.value ?? null, unknown.value ?? null)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

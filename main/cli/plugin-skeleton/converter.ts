import type { SkeletonNames, SkeletonParts } from './skeleton.ts';

/** A converter for hexadecimal text. */
export function converterParts({ className, variable }: SkeletonNames): SkeletonParts {
  return {
    plugins: `// @ts-check
import { configDef, converter, DataException, Schema } from '@runnel-app/runnel/connect';

export const ${variable} = converter({
  className: '${className}',
  version: '0.1.0',
  summary: 'Bytes here are hexadecimal text in the topic.',
  config: configDef({
    'upper.case': {
      type: 'BOOLEAN',
      default: false,
      importance: 'LOW',
      doc: 'Whether letters are written in upper case.',
    },
  }),
  create: (config) => ({
    fromConnectData(_topic, _schema, value) {
      if (value === null) return null;
      if (!(value instanceof Uint8Array)) throw new DataException(\`Bytes are wanted, and this is \${typeof value}\`);
      const text = Buffer.from(value).toString('hex');
      return Buffer.from(config['upper.case'] ? text.toUpperCase() : text, 'latin1');
    },

    toConnectData(_topic, bytes) {
      if (bytes === null) return { schema: Schema.OPTIONAL_BYTES_SCHEMA, value: null };
      const text = Buffer.from(bytes).toString('latin1');
      if (!/^([0-9a-f]{2})*$/i.test(text)) throw new DataException('This is no hexadecimal text');
      return { schema: Schema.OPTIONAL_BYTES_SCHEMA, value: new Uint8Array(Buffer.from(text, 'hex')) };
    },
  }),
});

export default [${variable}];
`,
    test: `// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataException } from '@runnel-app/runnel/connect';
import { checkPlugin, convertBothWays } from '@runnel-app/runnel/connect/test';
import { ${variable} } from './plugins.js';

test('the definition is complete', () => checkPlugin(${variable}));

test('bytes are text in the topic, and come back', () => {
  const { bytes } = convertBothWays(${variable}, { value: Uint8Array.of(0, 171, 255) });
  assert.equal(String(bytes && Buffer.from(bytes)), '00abff');
  convertBothWays(${variable}, { value: null });
});

test('what is no such text fails', () => {
  const converter = ${variable}.create({}, false);
  assert.throws(() => converter.toConnectData('t', Buffer.from('xyz')), DataException);
});
`,
    properties: `value.converter=${className}
value.converter.upper.case=true`,
  };
}

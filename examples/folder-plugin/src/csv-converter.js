// @ts-check
import { configDef, converter, DataException } from '@runnel-app/runnel/connect';
import { fieldOf } from './fields.js';

/** A line of comma-separated values as in RFC 4180, for readers that know nothing else. */
export const csvConverter = converter({
  className: 'com.example.folder.CsvConverter',
  version: '1.0.0',
  summary: 'Values with fields are lines of comma-separated values in the topic.',
  config: configDef({
    columns: { type: 'LIST', importance: 'HIGH', doc: 'The fields, in the order of the columns.' },
  }),
  create({ columns }) {
    if (columns.length === 0) throw new DataException('columns names no field');
    return {
      fromConnectData(_topic, _schema, value) {
        if (value === null) return null;
        return Buffer.from(columns.map((column) => cell(fieldOf(value, column))).join(','), 'utf8');
      },

      toConnectData(_topic, bytes) {
        if (bytes === null) return { schema: null, value: null };
        const cells = cellsOf(Buffer.from(bytes).toString('utf8'));
        if (cells.length !== columns.length)
          throw new DataException(`The line has ${cells.length} columns and not ${columns.length}`);
        return { schema: null, value: new Map(columns.map((column, i) => [column, cells[i]])) };
      },
    };
  },
});

/** @param {unknown} value */
function cell(value) {
  const text = value === undefined || value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string} line */
function cellsOf(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

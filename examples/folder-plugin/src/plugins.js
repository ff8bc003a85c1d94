// @ts-check
import { csvConverter } from './csv-converter.js';
import { fieldEquals } from './field-equals.js';
import { jsonFolderSource } from './json-folder-source.js';
import { topicFromField } from './topic-from-field.js';

export default [jsonFolderSource, topicFromField, fieldEquals, csvConverter];

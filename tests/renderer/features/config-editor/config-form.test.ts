import { expect, test } from 'vitest';
import type { ConfigInfos, ConfigKeyInfo } from '../../../../common/connect/config-infos.ts';
import { configOf, documentOf, fromProperties } from '../../../../renderer/features/config-editor/config-document.ts';
import { formSections, unknownEntries } from '../../../../renderer/features/config-editor/config-form.ts';
import { withoutSecrets } from '../../../../renderer/features/config-editor/without-secrets.ts';

const key = (name: string, more: Partial<ConfigKeyInfo> & { visible?: boolean; errors?: string[] } = {}) => {
  const { visible = true, errors = [], ...definition } = more;
  return {
    definition: {
      ...{ name, type: 'STRING', required: false, default_value: 'd', importance: 'LOW', documentation: '' },
      ...{ group: 'Common', width: 'SHORT', display_name: name, dependents: [], order_in_group: 1 },
      ...definition,
    } as ConfigKeyInfo,
    value: { name, value: null, recommended_values: [], errors, visible },
  };
};
const infos: ConfigInfos = {
  name: 'x',
  error_count: 1,
  groups: ['Common', 'Writes'],
  configs: [
    key('low', { order_in_group: 1 }),
    key('needed', { required: true, order_in_group: 9 }),
    key('high', { importance: 'HIGH', order_in_group: 2 }),
    key('hidden', { visible: false }),
    key('own', { group: null }),
    key('wrong', { group: 'Writes', errors: ['no'] }),
    key('secret', { group: 'Writes', type: 'PASSWORD' }),
    { definition: null, value: { name: 'odd', value: '1', recommended_values: [], errors: [], visible: true } },
  ],
};
const all = { words: '', onlyDiffering: false };
const shape = (text: string, filter = all) =>
  formSections(infos, fromProperties(text), filter).map(
    ({ title, first, folded }) =>
      `${title}: ${first.map(({ name }) => name).join(' ')} | ${folded.map(({ name }) => name).join(' ')}`,
  );

test('the form has the groups of the validation, required keys first, what is neither set nor wrong folded', () => {
  expect(shape('')).toEqual(['Common: needed high | low', 'Connector:  | own', 'Writes: wrong | secret']);
  expect(shape('low=1\nhidden=2')[0]).toBe('Common: needed low hidden high | ');
});

test('what differs from its default, and what words find, can be seen alone', () => {
  expect(shape('low=d\nown=e', { ...all, onlyDiffering: true })).toEqual(['Connector: own | ', 'Writes: wrong | ']);
  expect(shape('', { ...all, words: 'SECR' })).toEqual(['Writes: secret | ']);
});

test('keys that no definition knows are told, not dropped', () => {
  expect(unknownEntries(infos, fromProperties('odd=1\nlow=2\nfar=3'))).toEqual([
    ['odd', '1'],
    ['far', '3'],
  ]);
});

const variable = (name: string) => `\${${name}}`;

test('a copy has no secret in it, and a variable of a provider stays', () => {
  const secret = (value: string) => configOf(withoutSecrets(documentOf([['secret', value]]), infos)).secret;
  expect(secret('hunter2')).toBe(variable('env:SECRET'));
  expect(secret(variable('runnel:x/secret'))).toBe(variable('env:SECRET'));
  expect(secret(variable('file:/run/p:secret'))).toBe(variable('file:/run/p:secret'));
});

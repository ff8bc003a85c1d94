import { expect, test } from 'vitest';
import { seededRandom } from '../../../../main/connectors/twitter/random.ts';
import { Template } from '../../../../main/connectors/twitter/template.ts';

const words = new Map([['fruit', 'apple|pear|{red|green} grape']]);
const slots = { mention: () => '@mia', link: (page: string) => `<${page}>` };
const sayings = (text: string, runs = 200) => {
  const [template] = Template.parseAll([text], words);
  return new Set(Array.from({ length: runs }, (_, i) => (template as Template).expand(seededRandom(1, i), slots)));
};

test('lists, choices within choices, numbers, mentions and links are filled in', () => {
  expect(sayings('{fruit}')).toEqual(new Set(['apple', 'pear', 'red grape', 'green grape']));
  expect(sayings('a{|b{c|d}}')).toEqual(new Set(['a', 'abc', 'abd']));
  expect(sayings('{n:8-11}')).toEqual(new Set(['8', '9', '10', '11']));
  expect(sayings('{@} {link:x|y}')).toEqual(new Set(['@mia <x>', '@mia <y>']));
  for (const time of sayings('{time}')) expect(time).toMatch(/^\d{1,2}:\d[05]$/);
});

test('a list that is named twice gives two different words', () => {
  for (const text of sayings('{fruit}/{fruit}')) {
    const [one = '', two = ''] = text.split('/');
    expect(one.slice(-5)).not.toBe(two.slice(-5));
  }
});

test.each(['{fruit', 'fruit}', '{vegetable}', '{a|{b}'])('%s is a mistake that is told at once', (text) => {
  expect(() => Template.parseAll([text], words)).toThrow();
});

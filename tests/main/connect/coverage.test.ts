import { describe, expect, test } from 'vitest';
import { ALL_CASES } from '../../kit/connect-oracle/all-cases.ts';
import { PLUGINS } from '../../kit/connect-oracle/config-cases.ts';
import { expectAsJava } from '../../kit/connect-oracle/expect-as-java.ts';
import { recordedAnswers } from '../../kit/connect-oracle/fixtures.ts';

describe('both sides of transformations, converters of headers', () => expectAsJava('coverage'));

/** `converter org.apache…` and its settings, as Kafka's jars offer them. */
function offered(): [name: string, settings: string[]][] {
  const answer = recordedAnswers('config').get(JSON.stringify(PLUGINS.ask));
  return (answer as { ok: [string, string[]][] }).ok;
}

const asked = Object.values(ALL_CASES)
  .flat()
  .flatMap(({ ask }) => ('class' in ask ? [ask] : []));

/** The questions about a class as what the list has it. */
function questionsAbout(name: string) {
  const [kind, className = ''] = name.split(' ');
  return asked.filter((it) => it.class === className && (kind === 'header_converter') === it.kind.endsWith('-header'));
}

test('every class of Kafka’s jars was asked, with at least three questions', () => {
  const few = offered().filter(([name]) => questionsAbout(name).length < (name.endsWith('.Filter') ? 1 : 3));
  expect(few.map(([name]) => name)).toEqual([]);
  expect(offered().length).toBeGreaterThan(45);
});

test('every setting of every class was asked', () => {
  const never = offered().flatMap(([name, settings]) => {
    // What $Key has, $Value has too.
    const other = name.endsWith('$Key') ? name.replace(/Key$/, 'Value') : name.replace(/\$Value$/, '$Key');
    const questions = [...questionsAbout(name), ...questionsAbout(other)];
    return settings
      .filter((setting) => !questions.some(({ config }) => config !== undefined && Object.hasOwn(config, setting)))
      .map((setting) => `${name}: ${setting}`);
  });
  expect(never).toEqual([]);
});

import { readFileSync, writeFileSync } from 'node:fs';
import type { ConfigInfo, ConfigInfos } from '../../../common/connect/config-infos.ts';
import { KAFKA_VERSION } from '../../../scripts/kafka-jars.mjs';
import { VALIDATE_CASES, type ValidateCase } from './cases.ts';

export interface ValidateAnswer {
  status: number;
  body: ConfigInfos | { error_code: number; message: string };
}

const FIXTURE = new URL('../../fixtures/connect-validate/answers.jsonl', import.meta.url);

/** Asks a worker for the validation of a configuration, by the connector that it names. */
export async function askValidation(url: string, { config }: ValidateCase): Promise<ValidateAnswer> {
  const plugin = encodeURIComponent(`${config['connector.class']}`);
  const response = await fetch(`${url}/connector-plugins/${plugin}/config/validate`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(config),
  });
  const body = JSON.parse(await response.text(), (key, value) => {
    if (key === 'documentation') return '<text>';
    // Java finds connect-json on the class path and connect-file's folder, as two of the same version.
    return typeof value === 'string' ? value.replace(/: \[(\d\S*), \1\]$/, ': [$1]') : value;
  });
  return { status: response.status, body };
}

/** One line a case; definitions that were the same in an earlier answer stand as their number. */
export function writeValidations(answers: readonly ValidateAnswer[]): void {
  const definitions = new Map<string, number>();
  const lines = answers.map((answer, i) =>
    JSON.stringify([
      VALIDATE_CASES[i]?.config,
      answer.status,
      'configs' in answer.body
        ? {
            ...answer.body,
            configs: answer.body.configs.map(({ definition, value }) => {
              const text = JSON.stringify([definition, value]);
              if (!definitions.has(text)) {
                definitions.set(text, definitions.size);
                return [definition, value];
              }
              return definitions.get(text);
            }),
          }
        : answer.body,
    ]),
  );
  writeFileSync(FIXTURE, `${JSON.stringify({ version: KAFKA_VERSION })}\n${lines.join('\n')}\n`);
}

/** What Kafka Connect answered when it was recorded, in the order of the cases. */
export function recordedValidations(): ValidateAnswer[] {
  const [, ...lines] = readFileSync(FIXTURE, 'utf8').trimEnd().split('\n');
  const known: ConfigInfo[] = [];
  return lines.map((line, i) => {
    const [config, status, body] = JSON.parse(line);
    if (JSON.stringify(config) !== JSON.stringify(VALIDATE_CASES[i]?.config))
      throw new Error(`Validation ${i} is of another configuration: node tests/kit/connect-validate/record.ts`);
    if (body.configs === undefined) return { status, body };
    const configs = body.configs.map((it: number | [ConfigInfo['definition'], ConfigInfo['value']]) => {
      if (typeof it === 'number') return known[it];
      const info = { definition: it[0], value: it[1] };
      known.push(info);
      return info;
    });
    return { status, body: { ...body, configs } };
  });
}

/** `about: tasks.max: …` for everything that is not as in Kafka Connect and not meant to differ. */
export function unmeantValidations(
  test: ValidateCase,
  { status, body }: ValidateAnswer,
  java: ValidateAnswer,
): string[] {
  const say = (text: string) => `${test.about}: ${text}`;
  if (!('configs' in body)) return [say(`${status} ${body.message}`)];
  if (!('configs' in java.body)) {
    if (test.differs === undefined) return [say(`Connect answers ${java.status} ${java.body.message}`)];
    return meant(test, body).map(say);
  }
  const theirs = java.body.configs;
  const ours = body.configs.filter((it) => !isOurs(it));
  const problems: string[] = [];
  const same = (what: string, our: unknown, their: unknown) => {
    if (JSON.stringify(our) !== JSON.stringify(their))
      problems.push(`${what} ${JSON.stringify(our)} instead of ${JSON.stringify(their)}`);
  };
  const ownGroups = new Set(body.configs.filter(isOurs).map((it) => it.definition?.group));
  const groups = body.groups.filter((group) => !ownGroups.has(group));
  same('name', body.name, java.body.name);
  same('groups', groups.sort(), [...java.body.groups].sort());
  same('the keys', inOrder(ours), inOrder(theirs));
  if (test.differs === undefined) same('error_count', body.error_count, java.body.error_count);
  else problems.push(...meant(test, body));
  for (const their of theirs) {
    const name = keyName(their);
    const our = ours.find((it) => keyName(it) === name);
    if (our === undefined || name === test.differs?.key) continue;
    same(`${name}: definition`, looks(our), looks(their));
    same(`${name}: value`, { ...our.value, recommended_values: [] }, { ...their.value, recommended_values: [] });
    const missing = their.value.recommended_values.filter((it) => !our.value.recommended_values.includes(it));
    same(`${name}: recommended values without`, missing, []);
  }
  return problems.map(say);
}

/** A difference that is meant has to be there, as it is written down. */
function meant({ differs }: ValidateCase, { configs }: ConfigInfos): string[] {
  const errors = configs.find((it) => keyName(it) === differs?.key)?.value.errors;
  if (JSON.stringify(errors) === JSON.stringify(differs?.errors)) return [];
  return [`${differs?.key}: errors ${JSON.stringify(errors)} instead of ${JSON.stringify(differs?.errors)}`];
}

/** Keys of our own connectors, and those of topic creation groups: Connect does not validate them. */
function isOurs(info: ConfigInfo): boolean {
  return /^runnel\.|^topic\.creation\.(?!groups$)/.test(keyName(info));
}

/** Names as they come; options of converters and overrides of clients sorted, for Java has them in the order of a hash table. */
function inOrder(infos: readonly ConfigInfo[]): string {
  const names = infos.map(keyName);
  const isOption = (name: string) =>
    /^(?:(?:key|value|header)\.converter\.(?!plugin\.version$)|\w+\.override\.)/.test(name);
  return [...names.filter((name) => !isOption(name)), ...names.filter(isOption).sort()].join(' ');
}

function keyName({ value }: ConfigInfo): string {
  return value.name;
}

/**
 * What is compared of a definition. How a form shows a connector's own key is ours to say: Apache's connectors leave
 * it open.
 */
function looks({ definition }: ConfigInfo): unknown {
  if (definition === null) return null;
  if (!['topic', 'file', 'batch.size'].includes(definition.name)) return definition;
  const { display_name: _, width: __, group: ___, ...rest } = definition;
  return rest;
}

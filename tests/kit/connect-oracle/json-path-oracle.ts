import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataException } from '../../../common/errors.ts';
import { Decimal } from '../../../main/connect/api/decimal.ts';
import { parseExactJson } from '../../../main/connect/api/json-reader.ts';
import { Struct } from '../../../main/connect/api/struct.ts';
import { evaluate } from '../../../main/connect/transforms/json-path/evaluator.ts';
import { parseJsonPath } from '../../../main/connect/transforms/json-path/parser.ts';
import { JsonPathSyntaxError } from '../../../main/connect/transforms/json-path/syntax.ts';
import { kafkaLibs } from '../../../scripts/kafka-jars.mjs';
import { fetchJars } from '../../../scripts/maven-jars.mjs';
import type { JsonPathCase } from './json-path-cases.ts';

const VERSION = '2.9.0';
const FIXTURE = new URL('../../fixtures/connect/json-path.json', import.meta.url);
const ORACLE = fileURLToPath(new URL('../../fixtures/java/JsonPathOracle.java', import.meta.url));

type Found = { ok: unknown } | { error: readonly string[] };

export function recordedPaths(): ReadonlyMap<string, Found> {
  const { answers } = JSON.parse(readFileSync(FIXTURE, 'utf8')) as { answers: [unknown, Found][] };
  return new Map(answers.map(([question, answer]) => [JSON.stringify(question), answer]));
}

export function recordPaths(cases: readonly JsonPathCase[]): void {
  const answers = askJayway(cases);
  const lines = cases.map((it, i) => JSON.stringify([questionOf(it), answers[i]]));
  writeFileSync(FIXTURE, `{"json-path":${JSON.stringify(VERSION)},"answers":[\n${lines.join(',\n')}\n]}\n`);
}

export function questionOf({ path, document }: JsonPathCase): unknown {
  return { path, document };
}

/** Asks the library itself; Maven fetches it once. */
export function askJayway(cases: readonly JsonPathCase[]): Found[] {
  const input = cases.map((it) => `${JSON.stringify(questionOf(it))}\n`).join('');
  const classPath = [join(jayway(), '*'), join(kafkaLibs(), '*')].join(':');
  const { status, stdout, stderr } = spawnSync('java', ['-cp', classPath, ORACLE], { input, maxBuffer: 100_000_000 });
  if (status !== 0) throw new Error(`JsonPathOracle failed: ${stderr}`);
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Found);
}

function jayway(): string {
  return fetchJars(`json-path-${VERSION}`, [`com.jayway.jsonpath:json-path:${VERSION}`]);
}

/** What ours finds, in the oracle's form. */
export function findPath({ path, document }: JsonPathCase): Found {
  try {
    const parsed = parseJsonPath(path);
    const value = parseExactJson(JSON.stringify(document));
    const found = evaluate(parsed, value, value);
    if (found === null) return { ok: 'missing' };
    return { ok: parsed.definite ? ['value', plain(found[0])] : ['list', plain(found)] };
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError || error instanceof DataException)) throw error;
    return { error: [error.name, error.message] };
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal) return value.toNumber();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return value instanceof Struct ? value.toString() : value;
}

/** Undefined when both agree. Refusals agree whatever they say. */
export function checkPath(it: JsonPathCase, theirs: Found | undefined): string | undefined {
  const ours = findPath(it);
  const show = `theirs ${JSON.stringify(theirs)}\nours ${JSON.stringify(ours)}`;
  if (it.ours !== undefined) {
    if (JSON.stringify(theirs) === JSON.stringify(ours)) return `no longer different: ${show}`;
    return JSON.stringify(ours) === JSON.stringify(it.ours) ? undefined : show;
  }
  if (theirs !== undefined && 'error' in theirs) return 'error' in ours ? undefined : show;
  return JSON.stringify(theirs) === JSON.stringify(ours) ? undefined : show;
}

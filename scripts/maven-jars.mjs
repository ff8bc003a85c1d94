// Jars from Maven Central, for the tests. Cached by name; a second call returns at once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));
const GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies';

/** The folder of these jars, fetched or not. `name` has the version in it: what lies there is never looked at again. */
export function jarFolder(name) {
  return join(CACHE, name, 'libs');
}

/** Fetches `group:artifact:version` with what it depends on, or without (`alone`). Throws when Maven can't. */
export function fetchJars(name, artifacts, { alone = false } = {}) {
  const libs = jarFolder(name);
  if (existsSync(libs)) return libs;
  if (spawnSync('mvn', ['-v']).status !== 0)
    throw new Error(`Maven (mvn) is not installed, so ${name} can't be fetched from Maven Central`);
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, `${name}-`));
  const dependencies = artifacts.map((each) => dependency(each, alone)).join('');
  writeFileSync(
    join(work, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion><groupId>peers</groupId><artifactId>peers</artifactId><version>1</version><dependencies>${dependencies}</dependencies></project>`,
  );
  const { status } = spawnSync('mvn', ['-q', '-B', '-ntp', GOAL, '-DoutputDirectory=libs', '-DincludeScope=runtime'], {
    cwd: work,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    if (status !== 0) throw new Error(`Maven could not fetch ${name} (its words are above)`);
    renameSync(work, join(CACHE, name));
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    // Another test run was as fast.
    if (!existsSync(libs)) throw error;
  }
  return libs;
}

function dependency(coordinates, alone) {
  const [group, artifact, version] = coordinates.split(':');
  const exclusions = alone
    ? '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
    : '';
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${exclusions}</dependency>`;
}

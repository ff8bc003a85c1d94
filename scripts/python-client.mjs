// Makes the Python environment that the tests run confluent-kafka in: pinned, checked by hash. Cached; a second call
// returns at once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIREMENTS = fileURLToPath(new URL('../tests/fixtures/python/requirements.txt', import.meta.url));
const CACHE = fileURLToPath(new URL('../.cache/', import.meta.url));

/** The version that the requirements pin; raised there, with the hashes of its wheels. */
export const CONFLUENT_KAFKA_VERSION = /^confluent-kafka==([\d.]+)/m.exec(readFileSync(REQUIREMENTS, 'utf8'))[1];

const environment = join(CACHE, `confluent-kafka-${CONFLUENT_KAFKA_VERSION}`);

/** The interpreter that can `import confluent_kafka`. */
export function pythonOfClient() {
  return join(environment, 'bin', 'python');
}

export function hasPythonClient() {
  return existsSync(pythonOfClient());
}

/** Returns undefined, or the reason why the client is not there. */
export function fetchPythonClient() {
  if (hasPythonClient()) return undefined;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'python-'));
  const failed = (reason) => {
    rmSync(work, { recursive: true, force: true });
    return reason;
  };
  if (spawnSync('python3', ['-m', 'venv', work], { stdio: 'ignore' }).status !== 0)
    return failed('python3 with venv is not installed, so confluent-kafka cannot be tried');
  console.log(`Fetching confluent-kafka ${CONFLUENT_KAFKA_VERSION} from PyPI (about 5 MB, once)…`);
  const args = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--only-binary', ':all:'];
  const { status } = spawnSync(join(work, 'bin', 'python'), [...args, '--require-hashes', '-r', REQUIREMENTS], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0)
    return failed(`pip could not install confluent-kafka ${CONFLUENT_KAFKA_VERSION} (its words are above)`);
  rmSync(environment, { recursive: true, force: true });
  // The interpreter finds its packages from where it lies; only pip's own scripts hold the old path.
  renameSync(work, environment);
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = fetchPythonClient();
  if (reason) {
    console.error(reason);
    process.exit(1);
  }
  console.log(pythonOfClient());
}

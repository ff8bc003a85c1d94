import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ToolsOracle } from '../kafka-tools/oracle.ts';

const DECODERS: readonly [string, string][] = [
  ['__consumer_offsets', '--offsets-decoder'],
  ['__transaction_state', '--transaction-log-decoder'],
  ['__cluster_metadata', '--cluster-metadata-decoder'],
];
const COMPLAINTS =
  /isvalid: false|mismatch|out of order|not found|Found .* invalid|Exception|corrupt|Error at|Could not|unknown/i;
const OFFSET =
  /"group":"([^"]*)","topic":"([^"]*)","partition":(\d+)\}\} payload: ?\{"version":"?\d+"?,"data":\{"offset":(\d+)/g;

export interface Dumped {
  files: number;
  batches: number;
  /** By `group topic-partition`: the last one that Kafka's decoder finds in the log, those of open transactions included. */
  offsets: ReadonlyMap<string, bigint>;
}

/**
 * Kafka's own DumpLogSegments over the data folder of a broker that is not running, in one JVM for all times. Files of
 * topics that were read before and are as they were are left out.
 */
export class KafkaDump {
  readonly #oracle = new ToolsOracle();
  readonly #known = new Map<string, string>();

  /** Throws where Kafka finds fault with a file. */
  async read(dataDir: string): Promise<Dumped> {
    const files = filesOf(dataDir);
    const isInternal = (file: string) => DECODERS.some(([topic]) => file.includes(`/${topic}-`));
    const changed = files
      .filter((file) => !isInternal(file) || !file.endsWith('.log'))
      .filter((file) => this.#isNew(file));
    const ending = (...suffixes: string[]) =>
      changed.filter((file) => suffixes.some((suffix) => file.endsWith(suffix)));
    const said = await this.#dump(ending('.log'), '--deep-iteration');
    await this.#dump(ending('.index', '.timeindex'));
    await this.#dump(ending('.snapshot', '.txnindex'));
    let batches = said.match(/^baseOffset: /gm)?.length ?? 0;
    const offsets = new Map<string, bigint>();
    for (const [topic, decoder] of DECODERS) {
      const logs = files.filter((file) => file.includes(`/${topic}-`) && file.endsWith('.log'));
      const decoded = await this.#dump(logs, decoder);
      batches += decoded.match(/^baseOffset: /gm)?.length ?? 0;
      for (const [, group, of, partition, offset] of decoded.matchAll(OFFSET)) {
        offsets.set(`${group} ${of}-${partition}`, BigInt(offset!));
      }
    }
    return { files: files.length, batches, offsets };
  }

  close(): Promise<void> {
    return this.#oracle.close();
  }

  #isNew(file: string): boolean {
    const { size, mtimeMs } = statSync(file);
    const now = `${size} ${mtimeMs}`;
    if (this.#known.get(file) === now) return false;
    this.#known.set(file, now);
    return true;
  }

  async #dump(files: readonly string[], ...options: string[]): Promise<string> {
    if (files.length === 0) return '';
    const { code, stdout, stderr } = await this.#oracle.run(['dump-log', '--files', files.join(','), ...options]);
    assert.equal(code, 0, `DumpLogSegments ended with ${code}: ${stderr.slice(0, 2000)}`);
    const said = `${stdout}${stderr}`;
    const complaint = said.split('\n').find((line) => COMPLAINTS.test(line));
    assert.equal(complaint, undefined, `DumpLogSegments of ${files.join(' ')}: ${complaint}`);
    return stdout;
  }
}

function filesOf(dataDir: string): string[] {
  return readdirSync(dataDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /-\d+$/.test(entry.name))
    .flatMap(({ name }) => readdirSync(join(dataDir, name)).map((file) => join(dataDir, name, file)))
    .filter((file) => /\.(log|index|timeindex|snapshot|txnindex)$/.test(file))
    .sort();
}

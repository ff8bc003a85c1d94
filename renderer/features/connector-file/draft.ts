import type { ConfigInfos } from '../../../common/connect/config-infos.ts';
import type { WorkerClient } from '../../../common/contract.ts';

/** Text as a file or a person gave it. */
export interface Draft {
  fileName: string;
  text: string;
}

/** One configuration of a draft, with what the worker thinks of it. */
export interface Checked {
  name: string;
  config: Readonly<Record<string, string>>;
  /** Sentences with the key they are about. */
  problems: readonly { key: string; message: string }[];
}

/** The name tells the worker how to read text that came without a file: JSON begins with a bracket. */
export function draftOf(text: string, fileName?: string): Draft {
  return { text, fileName: fileName ?? (/^\s*[[{]/.test(text) ? 'typed.json' : 'typed.properties') };
}

/** Reads a draft and validates each configuration in it; rejects when the text can't be read at all. */
export async function check(draft: Draft, worker: WorkerClient, signal: AbortSignal): Promise<Checked[]> {
  const parsed = await worker.parseConnectorFile(draft, { signal });
  return Promise.all(
    parsed.map(async ({ name, config }) => {
      const infos = await worker.validateConnectorConfig({ config: { name, ...config } }, { signal });
      return { name, config, problems: problemsOf(infos) };
    }),
  );
}

export function problemsOf({ configs }: ConfigInfos): { key: string; message: string }[] {
  return configs.flatMap(({ value }) => value.errors.map((message) => ({ key: value.name, message })));
}

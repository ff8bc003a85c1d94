import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { propertiesText } from '../../../../common/connect/properties-text.ts';
import { ConnectException, KafkaException } from '../../../../common/errors.ts';
import { parseConnectorFile } from '../../../connect/connector-files.ts';
import type { AddCommand, CommandContext } from '../../command-context.ts';
import { addExamples } from '../../command-examples.ts';
import { asConfig, configDiff, diffRows } from '../../connect/config-diff.ts';
import { connectTo } from '../../connect/connection-options.ts';
import { keepSecrets } from '../../connect/keep-secrets.ts';
import { presentConfig, putConfig } from '../../connect/put-config.ts';
import { Secrets } from '../../connect/secrets.ts';
import { selectConnectors } from '../../connect/select-connectors.ts';
import { styleFor } from '../../output/style.ts';
import { aligned } from '../../output/table.ts';
import { writeLines } from '../../output/write-lines.ts';

/** `runnel connect edit`: a configuration in the person's editor. */
export const addEdit: AddCommand = (connect, context) => {
  const command = connect
    .command('edit')
    .description('Change the configuration of a connector in your editor (VISUAL, else EDITOR, else vi).')
    .argument('<connector>', 'its name')
    .action((name: string, _options: object, self: Command) => run(name, self, context));
  addExamples(command, [['runnel connect edit tweets', 'passwords are shown as [hidden] and kept where that is left']]);
};

async function run(pattern: string, self: Command, context: CommandContext): Promise<void> {
  const client = await connectTo(self, context);
  const [name = pattern] = await selectConnectors(client, [pattern]);
  const present = (await presentConfig(client, name)) ?? new Map<string, string>();
  const secrets = new Secrets(client);
  const before = propertiesText([...(await secrets.masked(present))].sort(([a], [b]) => (a < b ? -1 : 1)));
  const folder = mkdtempSync(join(tmpdir(), 'runnel-edit-'));
  const file = join(folder, 'connector.properties');
  writeFileSync(file, before, { mode: 0o600 });
  try {
    await openEditor(file, context);
    const text = readFileSync(file, 'utf8');
    if (text === before || text.trim() === '') {
      await writeLines(context, [`${name} unchanged`]);
    } else {
      const config = keepSecrets(asConfig(parseConnectorFile(file, text).config, name), present);
      const changes = configDiff(present, config);
      if (changes.length > 0) await putConfig(client, name, config);
      const secret = await secrets.keysIn(new Map([...present, ...config]));
      const style = styleFor(context.interactive, context.env);
      const what = changes.length > 0 ? 'configured' : 'unchanged';
      await writeLines(context, [`${name} ${what}`, ...aligned(diffRows(changes, secret), style)]);
    }
    rmSync(folder, { recursive: true });
  } catch (error) {
    // Work of a person's hands is not thrown away because it was refused.
    if (error instanceof KafkaException) context.tell(`What you wrote is kept in ${file}`);
    throw error;
  }
}

function openEditor(file: string, { env }: CommandContext): Promise<void> {
  const editor = env.VISUAL || env.EDITOR || 'vi';
  return new Promise((resolve, reject) => {
    // The variable may hold arguments (`code --wait`), which a shell takes apart.
    const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit', env: { ...env } });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new ConnectException(`The editor (${editor}) ended with ${code}: nothing was changed`));
    });
  });
}

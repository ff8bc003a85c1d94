import { Argument } from 'commander';
import type { AddCommand } from '../command-context.ts';
import { bashCompletion } from '../completion/bash.ts';
import { completionTree } from '../completion/completion-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `runnel completion`: a script that teaches a shell these commands, made from their definitions. */
export const addCompletion: AddCommand = (program, context) => {
  program
    .command('completion')
    .description('Print a script that completes runnel commands, options and names of connectors in your shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `
bash: source <(runnel completion bash)            # in ~/.bashrc
zsh:  source <(runnel completion zsh)             # in ~/.zshrc, after compinit
fish: runnel completion fish | source             # in ~/.config/fish/config.fish`,
    )
    .action(async (shell: keyof typeof SCRIPTS) => {
      await context.write(SCRIPTS[shell](completionTree(program)));
    });
};

import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { generatedFrom } from './markdown.ts';

const pageWidth = 100;

/** The help of a command exactly as `--help` prints it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => pageWidth,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trimEnd();
}

function section(command: Command, parents: readonly string[]): string {
  const names = [...parents, command.name()];
  const title = `${'#'.repeat(names.length + 1)} ${names.join(' ')}`;
  const own = `${title}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  return [own, ...command.commands.map((child) => section(child, names))].join('\n');
}

/** `docs/reference/cli.md` */
export function cliPage(): string {
  const io = {
    env: {},
    isTerminal: false,
    out: () => {},
    written: () => Promise.resolve(null),
    err: () => {},
    untilStopped: () => Promise.resolve(),
  };
  return `${generatedFrom('src/cli')}# Command line\n\n${section(createProgram(io), [])}`;
}

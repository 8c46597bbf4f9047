import { type Command, CommanderError } from 'commander';
import { readAuthorities } from '../config/authorities-file.ts';
import { loadConfig } from '../config/config.ts';
import { ConfigError } from '../config/environment.ts';
import { explainConfig } from '../config/explain.ts';
import { configProblem } from './config-problem.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

/** `hookwire config`: what is in effect and where it comes from. */
export function addConfigCommand(program: Command, io: Io): void {
  program
    .command('config')
    .description('print the configuration as it takes effect, with secrets masked')
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      `
Every key is an environment variable; docs/reference/configuration.md lists them.
An empty variable counts as not set. Exits with 2 when the configuration cannot be used.

Examples:
  hookwire config
  HOOKWIRE_PORT=9090 hookwire config --json
`,
    )
    .action((options: { json: boolean }) => {
      const problem = problemOf(io.env);
      if (problem) io.err(configProblem(problem));
      const values = explainConfig(io.env);
      if (options.json) {
        const byName = Object.fromEntries(values.map(({ name, value, source }) => [name, { value, source }]));
        io.out(`${JSON.stringify(byName, null, 2)}\n`);
      } else {
        const width = Math.max(...values.map(({ name }) => name.length)) + 2;
        const valueWidth = Math.max(...values.map(({ value }) => value.length)) + 2;
        for (const { name, value, source } of values) {
          io.out(`${name.padEnd(width)}${value.padEnd(valueWidth)}${source}\n`);
        }
      }
      // What is wrong is printed already; of this error only the exit code is taken.
      if (problem) throw new CommanderError(exitCodes.usage.code, 'hookwire.config', problem.message);
    });
}

function problemOf(env: NodeJS.ProcessEnv): ConfigError | null {
  try {
    const { egress } = loadConfig(env);
    if (egress.caFile !== null) readAuthorities(egress.caFile);
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

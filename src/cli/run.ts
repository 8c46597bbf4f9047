import { CommanderError } from 'commander';
import { ConfigError } from '../config/environment.ts';
import { configProblem } from './config-problem.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';
import { outputRefused } from './standard-output.ts';

const ownOptions = new Set(['-h', '--help', '-V', '--version']);

/** `hookwire` and `hookwire --some-option` mean `hookwire serve …`. */
function withDefaultCommand(argv: readonly string[]): readonly string[] {
  const [first] = argv;
  const isServe = first === undefined || (first.startsWith('-') && !ownOptions.has(first));
  return isServe ? ['serve', ...argv] : argv;
}

/**
 * Runs one command.
 *
 * @param argv without the program's own name
 * @returns the exit code; see `exit-codes.ts`
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const code = await carryOut(argv, io);
  const refused = await io.written();
  if (refused === null) return code;
  io.err(`${outputRefused(refused)}\n`);
  return code === exitCodes.ok.code ? exitCodes.failed.code : code;
}

async function carryOut(argv: readonly string[], io: Io): Promise<number> {
  try {
    await createProgram(io).parseAsync(withDefaultCommand(argv), { from: 'user' });
    return exitCodes.ok.code;
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
  }
  if (error instanceof ConfigError) {
    io.err(configProblem(error));
    return exitCodes.usage.code;
  }
  if (error instanceof CliError) {
    io.err(`${error.message}\n`);
    return exitCodes[error.reason].code;
  }
  io.err(`Hookwire failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed.code;
}

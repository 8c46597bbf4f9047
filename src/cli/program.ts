import { Command } from 'commander';
import { type ConfigKey, configKeys } from '../config/keys.ts';
import { version } from '../core/version.ts';
import { addBackupCommand } from './backup.ts';
import { addConfigCommand } from './config.ts';
import { addDemoCommand } from './demo.ts';
import { exitCodes } from './exit-codes.ts';
import { addExportCommand } from './export.ts';
import { addImportCommand } from './import.ts';
import type { Io } from './io.ts';
import { addKeysCommand } from './keys.ts';
import { addMoveCommand } from './move.ts';
import { addReceiverCommand } from './receiver.ts';
import { addResealCommand } from './reseal.ts';
import { addRestoreCommand } from './restore.ts';
import { addServeCommand } from './serve.ts';

function examples(): string {
  return `
Examples:
  hookwire                              serve on http://127.0.0.1:8080, data in ./data
  hookwire demo                         see it work: gateway, endpoint and traffic in one
  hookwire receiver --port 9000         an endpoint that prints what it gets
  hookwire config                       the configuration as it takes effect
  hookwire keys create --name ci        another operator key
  hookwire backup /backup/monday.db     a copy of the database, also while the gateway runs
  hookwire export > hookwire.json       what is configured, to keep in git or to import elsewhere
`;
}

function environment(): string {
  const keys = Object.values<ConfigKey<unknown>>(configKeys);
  const width = Math.max(...keys.map(({ name }) => name.length)) + 2;
  const rows = keys.map(
    (key) => `  ${key.name.padEnd(width)}${key.default || '(not set)'}${key.unit ? ` ${key.unit}` : ''}`,
  );
  return `
Environment (with defaults; docs/reference/configuration.md explains each):
${rows.join('\n')}
`;
}

function exits(): string {
  const rows = Object.values(exitCodes).map(({ code, means }) => `  ${code}  ${means}`);
  return `
Exit codes:
${rows.join('\n')}
`;
}

/** The command line with all its commands; it throws where it would end the process. */
export function createProgram(io: Io): Command {
  const program = new Command('hookwire')
    .description('Self-hosted webhook gateway for SMS and WhatsApp delivery reports and inbound messages.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('Run it with --help to see what it takes.')
    .addHelpText('after', () => examples() + environment() + exits());
  addServeCommand(program, io);
  addReceiverCommand(program, io);
  addDemoCommand(program, io);
  addConfigCommand(program, io);
  addKeysCommand(program, io);
  addBackupCommand(program, io);
  addRestoreCommand(program, io);
  addResealCommand(program, io);
  addExportCommand(program, io);
  addImportCommand(program, io);
  addMoveCommand(program, io);
  return program;
}

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import type { FileSealing } from './configuration-file/sealing.ts';
import { runDataCommand } from './data-command.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { readPassphrase } from './passphrase.ts';
import { outputRefused } from './standard-output.ts';

interface ExportCommandOptions {
  readonly force: boolean;
  readonly passphraseFile?: string;
}

/** That of the file that is replaced, where it has the same passphrase: what has not changed is then sealed alike. */
async function sealingFor(file: string, passphrase: string): Promise<FileSealing> {
  const { createFileSealing, openFileSealing } = await import('./configuration-file/sealing.ts');
  const { sealingOf } = await import('./configuration-file/sealing-of.ts');
  const there = file === '-' ? null : sealingOf(await readFile(file, 'utf8').catch(() => ''));
  return (there && openFileSealing(passphrase, there)) ?? createFileSealing(passphrase);
}

async function writeOut(text: string, io: Io): Promise<void> {
  io.out(text);
  const refused = await io.written();
  if (refused) throw new CliError('failed', `${outputRefused(refused)} What is there is not whole.`, refused);
}

async function runExport(file: string, options: ExportCommandOptions, io: Io): Promise<void> {
  const config = loadConfig(io.env);
  const { dataDir } = config.storage;
  const passphrase = await readPassphrase(options.passphraseFile);
  const { readStoredConfiguration, writePrivateFile } = await import('../data-directory.ts');
  const { writeConfigurationFile } = await import('./configuration-file/write-file.ts');
  const stored = await runDataCommand(io, config, () => readStoredConfiguration(config));
  if (stored === null) {
    throw new CliError('usage', `There is no database in ${dataDir}: set HOOKWIRE_DATA_DIR.`);
  }
  const sealing = passphrase === null ? null : await sealingFor(file, passphrase);
  const text = writeConfigurationFile(stored, { sealing, now: Date.now() });
  if (file === '-') await writeOut(text, io);
  else await runDataCommand(io, config, () => writePrivateFile(file, text, options.force));
  const { accounts, senders, keys, webhooks } = stored;
  const secrets = sealing ? 'with their secrets sealed' : 'without their secrets';
  io.err(
    `Exported ${accounts.length} accounts, ${senders.length} numbers, ${keys.length} keys (as hashes), ${webhooks.length} webhooks, ${secrets}.\n`,
  );
}

/** `hookwire export`: what is configured, as a file. */
export function addExportCommand(program: Command, io: Io): void {
  program
    .command('export')
    .description('write accounts, numbers, keys and webhooks as JSON, while the gateway runs or not')
    .argument('[file]', 'where it goes; without it, or with "-", to standard output', '-')
    .option('--force', 'replace a file that is there', false)
    .option(
      '--passphrase-file <file>',
      'seal signing secrets and header values for the passphrase in its first line',
    )
    .addHelpText(
      'after',
      `
Works on HOOKWIRE_DATA_DIR beside the gateway, and writes what is configured as of one moment. The same
configuration is the same text, so a file in git changes where the configuration did and nowhere else.
docs/reference/configuration-file.schema.json says what it may hold.

Signing secrets and the values of custom headers are left out, or sealed with --passphrase-file (scrypt and
AES-256-GCM; with --force what has not changed is sealed as in the file that is replaced). Keys are in it as
hashes. People, their roles, events and deliveries are not in it: hookwire backup takes everything.

Exits with 2 when the file is there, the passphrase is too short or the data directory has no database.

Examples:
  hookwire export > hookwire.json
  hookwire export hookwire.json --force && git diff hookwire.json
  hookwire export hookwire.json --passphrase-file /vault/passphrase
`,
    )
    .action((file: string, options: ExportCommandOptions) => runExport(file, options, io));
}

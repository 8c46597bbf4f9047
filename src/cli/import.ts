import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import { mostErrors } from '../core/errors.ts';
import type { StoredConfiguration } from '../stores/ports/configuration.ts';
import type { ImportPlan } from './configuration-file/plan.ts';
import { runDataCommand } from './data-command.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { readPassphrase } from './passphrase.ts';

interface ImportCommandOptions {
  readonly dryRun: boolean;
  readonly passphraseFile?: string;
}

const nothing: StoredConfiguration = {
  accounts: [],
  senders: [],
  keys: [],
  webhooks: [],
  deleted: { accounts: new Set(), webhooks: new Set() },
};

/** Makes the plan for what is stored. @throws {CliError} where the file cannot be imported */
type Planner = (stored: StoredConfiguration) => ImportPlan;

async function createPlanner(file: string, config: Config, passphrase: string | null): Promise<Planner> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CliError('usage', `${file} cannot be read (${error.code}).`, error);
  });
  const { ConfigurationFileError, readConfigurationFile, textOfFile } = await import(
    './configuration-file/read-file.ts'
  );
  const { planImport } = await import('./configuration-file/plan.ts');
  const { tellErrors } = await import('./configuration-file/tell.ts');
  const { createGuard } = await import('../delivery/guard/guard.ts');
  const { allowNetworks, insideDomains } = config.delivery;
  const names = { resolve: () => Promise.reject(new Error('An import looks up no names.')) };
  const guard = createGuard({ allowNetworks, insideDomains, names });
  let read: ReturnType<typeof readConfigurationFile>;
  try {
    read = readConfigurationFile(textOfFile(content), {
      refuseUrl: (url) => guard.checkUrl(url),
      passphrase,
    });
  } catch (error) {
    if (!(error instanceof ConfigurationFileError)) throw error;
    throw new CliError('usage', `${file} cannot be imported. ${error.message}`, error);
  }
  const { ofAccount: limitsOfAll } = config.limits;
  const { keep: keepOfAll } = config;
  return (stored) => {
    const plan = planImport(read.file, stored, { now: Date.now(), limitsOfAll, keepOfAll });
    const errors = [...read.errors, ...plan.errors];
    if (errors.length > 0) throw new CliError('usage', tellErrors(file, errors.slice(0, mostErrors)));
    return plan;
  };
}

async function runImport(file: string, options: ImportCommandOptions, io: Io): Promise<void> {
  const config = loadConfig(io.env);
  const plan = await createPlanner(file, config, await readPassphrase(options.passphraseFile));
  const { changeStoredConfiguration, readStoredConfiguration } = await import('../data-directory.ts');
  const { tellDifferences } = await import('./configuration-file/tell.ts');
  const warn = (message: string): void => io.err(`${message}\n`);
  const { changes, summary } = await runDataCommand(io, config, async () => {
    if (options.dryRun) return plan((await readStoredConfiguration(config)) ?? nothing);
    // Before a directory is made for what cannot be imported.
    plan((await readStoredConfiguration(config)) ?? nothing);
    return changeStoredConfiguration(config, warn, (stored) => {
      const result = plan(stored);
      return { changes: result.changes, result };
    });
  });
  io.out(tellDifferences(summary));
  if (changes === null) io.err('Nothing to do: everything is as the file says.\n');
  else if (options.dryRun) io.err('Nothing was changed: this was a dry run.\n');
  else io.err('Imported.\n');
  const secrets = summary.differences.filter(({ hasNewSecret }) => hasNewSecret).length;
  if (secrets > 0) {
    const made = options.dryRun ? 'would be made' : 'were made';
    io.err(
      `New signing secrets ${made} for ${secrets} webhooks: their owners find them in the portal, or by GET /v1/webhooks/:id/secret.\n`,
    );
  }
}

/** `hookwire import`: makes a directory as a file says. */
export function addImportCommand(program: Command, io: Io): void {
  program
    .command('import')
    .description('make and change accounts, numbers, keys and webhooks as a file says')
    .argument('<file>', 'a file of `hookwire export`, or one that was written by hand')
    .option('--dry-run', 'say what would be done, and do nothing; also while the gateway runs', false)
    .option('--passphrase-file <file>', 'for a file with sealed secrets: its first line is the passphrase')
    .addHelpText(
      'after',
      `
Works on HOOKWIRE_DATA_DIR, which is made where it is missing; run it as the gateway's user. Everything in
the file is checked as the API checks it, and all that is wrong is named by its place in the file. Then all
of it is done in one transaction: whenever the import is ended, all was done or nothing. The same file again
changes nothing.

What the file does not name stays as it is: nothing is deleted. A webhook without an id is the account's
with the same product, report type, number and URL, or a new one. New webhooks without a secret in the
file get a new one.

With the embedded database the gateway must not run, since it has in memory what is configured; --dry-run may
be used beside it. Gateways on a PostgreSQL go on, and know what was imported within a second.

Exits with 2 when the file cannot be imported, with 3 while a gateway has the embedded database; then nothing
was changed.

Examples:
  hookwire import hookwire.json --dry-run
  hookwire import hookwire.json
  hookwire import hookwire.json --passphrase-file /vault/passphrase
  HOOKWIRE_DATA_DIR=/srv/other hookwire import hookwire.json
`,
    )
    .action((file: string, options: ImportCommandOptions) => runImport(file, options, io));
}

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadConfig } from '../config/config.ts';
import { masterKey } from '../config/parsers.ts';
import type { RestoreReport } from '../data-directory.ts';
import { instant, mebibytes, runDataCommand } from './data-command.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';

interface RestoreCommandOptions {
  readonly replace: boolean;
  readonly key?: string;
}

function restoreMessage(file: string, dataDir: string, report: RestoreReport): string {
  const { record, lastEventAt } = report;
  const made =
    record === null
      ? 'not made by `hookwire backup`, but whole'
      : `begun ${instant(record.takenAt)} by Hookwire ${record.version}`;
  const last = lastEventAt === null ? 'no events' : `the last event came ${instant(lastEventAt)}`;
  const kept = report.kept.map((name) => `\n  ${dataDir}/${name}`).join('');
  return (
    `Restored ${file} to ${dataDir}: ${mebibytes(report.bytes)}, ${made}, ${report.webhooks} webhooks, ${last}.\n` +
    (kept === '' ? '' : `What was there before is kept; delete it when all is well:${kept}\n`) +
    'Start the gateway now. What was delivered after the backup is sent again, with the same webhook-id.\n'
  );
}

async function readKey(file: string | undefined, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (file === undefined) return null;
  if (env.HOOKWIRE_MASTER_KEY) {
    throw new CliError(
      'usage',
      'HOOKWIRE_MASTER_KEY is set, so a master.key would not be used: leave --key out.',
    );
  }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError('usage', `The key file ${file} cannot be read (${error.code}).`, error);
  });
  const key = text.trim();
  if ('problem' in masterKey(key)) throw new CliError('usage', `${file} holds no master key.`);
  return key;
}

async function runRestore(file: string, options: RestoreCommandOptions, io: Io): Promise<void> {
  const config = loadConfig(io.env);
  const key = await readKey(options.key, io.env);
  const { restoreDirectory } = await import('../data-directory.ts');
  const report = await runDataCommand(io, config, ({ signal, onProgress }) =>
    restoreDirectory(config, { file, replace: options.replace, masterKey: key, signal, onProgress }),
  );
  io.out(restoreMessage(file, config.storage.dataDir, report));
}

/** `hookwire restore`: a backup in place of the database. */
export function addRestoreCommand(program: Command, io: Io): void {
  program
    .command('restore')
    .description('put a backup in place of the database; the gateway must not run')
    .argument('<file>', 'a file that `hookwire backup` made; it stays as it is')
    .option(
      '--replace',
      'the directory has a database: keep it under another name and take the backup',
      false,
    )
    .option('--key <file>', 'the master key of the backup; becomes master.key of the directory')
    .addHelpText(
      'after',
      `
Works on HOOKWIRE_DATA_DIR, which is made where it is missing; run it as the gateway's user. Before
anything changes, the backup is copied there, read to its end, and compared with this version and with
the master key. Then it becomes the database in one step, and what was there is kept beside it. When it
is ended in the middle, the old database is still there, or the gateway refuses to start until the
restore was run again.

A database of an older version is brought up to date by the next start.

Exits with 2 when there is a database and no --replace, or the master key is another one; with 3 while a
gateway runs; with 6 when the file is damaged, no backup, or of a newer version; then nothing was changed.

Examples:
  hookwire restore /backup/hookwire-2026-11-22.db
  hookwire restore /backup/hookwire-2026-11-22.db --replace
  HOOKWIRE_DATA_DIR=/srv/standby hookwire restore /backup/hookwire.db --key /vault/hookwire.key
`,
    )
    .action((file: string, options: RestoreCommandOptions) => runRestore(file, options, io));
}

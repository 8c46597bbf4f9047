import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import type { BackupReport, KnownMasterKey } from '../data-directory.ts';
import { instant, mebibytes, runDataCommand } from './data-command.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';

interface BackupCommandOptions {
  readonly force: boolean;
  readonly keyFile?: string;
  readonly json: boolean;
}

/** What a person is told of a backup: what is in it, and what it needs besides. */
export function backupMessage(
  file: string,
  report: BackupReport,
  key: Pick<KnownMasterKey, 'id' | 'from'> | null,
  { dataDir, keyFile }: { readonly dataDir: string; readonly keyFile: string | null },
): string {
  const last =
    report.lastEventAt === null ? 'no events' : `the last event came ${instant(report.lastEventAt)}`;
  const lines = [
    `Wrote ${file}: ${mebibytes(report.bytes)}, begun ${instant(report.takenAt)}, ${report.webhooks} webhooks, ${last}.`,
  ];
  if (keyFile !== null) {
    lines.push(`Wrote the master key to ${keyFile}: keep it apart. Who has both can read every secret.`);
  } else if (report.keyIds.length > 0) {
    const where = key?.from === 'environment' ? 'the value of HOOKWIRE_MASTER_KEY' : `${dataDir}/master.key`;
    lines.push(
      `Its secrets are sealed, and the master key is not in it: keep ${where} too, apart from the backup.`,
    );
  }
  const others = report.keyIds.filter((id) => id !== key?.id);
  if (others.length > 0) {
    lines.push(
      `Some secrets in it are sealed with another key (${others.join(', ')}): keep the previous one as well.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function runBackup(file: string, options: BackupCommandOptions, io: Io): Promise<void> {
  if (file === '-')
    throw new CliError('usage', 'A backup is written to a file, not to standard output: name one.');
  const config: Config = loadConfig(io.env);
  const keyFile = options.keyFile ?? null;
  if (keyFile !== null && resolve(keyFile) === resolve(file)) {
    throw new CliError('usage', 'The backup and the master key go to files of their own: name two.');
  }
  const { backUpDirectory, findMasterKey, writeKeyFile } = await import('../data-directory.ts');
  const { report, key } = await runDataCommand(io, config, async ({ signal, onProgress }) => {
    const key = await findMasterKey(config);
    if (keyFile !== null && key === null) {
      throw new CliError(
        'usage',
        `There is no master key in ${config.storage.dataDir} or HOOKWIRE_MASTER_KEY.`,
      );
    }
    // Before the long part, so that it does not fail after it.
    if (keyFile !== null && key !== null) await writeKeyFile(keyFile, key.text, options.force);
    const report = await backUpDirectory(config, { file, force: options.force, signal, onProgress });
    return { report, key };
  });
  if (options.json) {
    const { takenAt, lastEventAt, ...rest } = report;
    const times = {
      takenAt: instant(takenAt),
      lastEventAt: lastEventAt === null ? null : instant(lastEventAt),
    };
    io.out(`${JSON.stringify({ file, ...times, ...rest }, null, 2)}\n`);
  } else {
    io.out(backupMessage(file, report, key, { dataDir: config.storage.dataDir, keyFile }));
  }
}

/** `hookwire backup`: one file with all that the gateway knows. */
export function addBackupCommand(program: Command, io: Io): void {
  program
    .command('backup')
    .description('copy the database into one file, while the gateway runs or not')
    .argument('<file>', 'where the backup goes; its directory must be there')
    .option('--force', 'replace a file that is there', false)
    .option('--key-file <file>', 'also write the master key to this file; keep it apart from the backup')
    .option('--json', 'print JSON: sizes, times, the keys it needs, for how long writers had to wait', false)
    .addHelpText(
      'after',
      `
Works on HOOKWIRE_DATA_DIR beside the gateway and needs nothing of it; run it as the gateway's user.
Whatever was acknowledged before it began is in the backup. Events are taken meanwhile: writers wait for
a moment, once and for every 48 MiB that they write. The copy is read to its end before it gets
its name, so a file that is there is whole; it is readable by its owner only.

The backup does not hold the master key, without which the signing secrets and header values in it
cannot be read. Keep master.key, or the value of HOOKWIRE_MASTER_KEY, in another place; --key-file
writes it to one. A key file is written first.

Exits with 2 when the file is there or the data directory has no database, with 6 when the database is
damaged, with 1 when the disk refuses; then there is no file.

Examples:
  hookwire backup /backup/hookwire-$(date +%F).db
  hookwire backup /backup/hookwire.db --force --json
  hookwire backup /backup/hookwire.db --key-file /vault/hookwire.key
`,
    )
    .action((file: string, options: BackupCommandOptions) => runBackup(file, options, io));
}

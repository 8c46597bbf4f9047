import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import type { MovedCount, MoveProgress, NamedStore } from '../wiring/move-stores.ts';
import { runDataCommand } from './data-command.ts';
import { CliError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createProgressLine } from './progress-line.ts';

interface MoveCommandOptions {
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
}

function namedStore(named: string): NamedStore {
  if (!/^postgres(ql)?:\/\//.test(named)) return { kind: 'sqlite', dataDir: resolve(named) };
  try {
    return { kind: 'postgres', url: new URL(named).href };
  } catch (error) {
    throw new CliError('usage', 'That is no connection string: postgres://user@host:5432/database.', error);
  }
}

function checkPair(from: NamedStore, to: NamedStore): void {
  if (from.kind !== to.kind) return;
  const instead =
    from.kind === 'sqlite'
      ? 'a data directory is moved to another one as it is, or by hookwire backup and restore'
      : "PostgreSQL's own tools move one database to another";
  throw new CliError(
    'usage',
    `One of --from and --to is a data directory, the other one postgres://…: ${instead}.`,
  );
}

/** The master key that both stores need: of the environment, or of a data directory's file. */
interface FoundKey {
  readonly text: string;
  /** The data directory that has it; `null`: the environment. */
  readonly directory: string | null;
}

async function masterKeyOf(config: Config, stores: readonly NamedStore[]): Promise<FoundKey> {
  if (config.secrets.masterKey !== null) return { text: config.secrets.masterKey, directory: null };
  const { readMasterKeyFile } = await import('../data-directory.ts');
  const directories = stores.flatMap((store) => (store.kind === 'sqlite' ? [store.dataDir] : []));
  for (const directory of [...directories, config.storage.dataDir]) {
    const text = await readMasterKeyFile(directory);
    if (text) return { text, directory };
  }
  throw new CliError(
    'usage',
    `There is no master key: set HOOKWIRE_MASTER_KEY to that of the gateway, or have its master.key in ${directories.join(', ')}.`,
  );
}

const rowsOf = (n: number): string => n.toLocaleString('en');

/** What was moved, a line for each table that holds something. */
export function movedMessage(moved: readonly MovedCount[]): string {
  const some = moved.filter(({ rows }) => rows > 0);
  const names = Math.max(...some.map(({ table }) => table.length), 5);
  const counts = Math.max(...some.map(({ rows }) => rowsOf(rows).length), 4);
  const line = (table: string, rows: string, sum: string): string =>
    `${table.padEnd(names)}  ${rows.padStart(counts)}  ${sum}\n`;
  return (
    line('table', 'rows', 'checksum, the same in both') +
    some.map(({ table, rows, sum }) => line(table, rowsOf(rows), sum)).join('')
  );
}

function wouldMoveMessage(counts: ReadonlyMap<string, number>): string {
  const some = [...counts].filter(([, rows]) => rows > 0);
  if (some.length === 0) return 'There is nothing to move.\n';
  const names = Math.max(...some.map(([table]) => table.length));
  return some.map(([table, rows]) => `${table.padEnd(names)}  ${rowsOf(rows)}\n`).join('');
}

function progressText({ doing, table, done, of }: MoveProgress): string {
  const what = doing === 'move' ? 'Moving' : 'Comparing';
  return of === 0 ? `${what} ${table} …` : `${what} ${table}: ${rowsOf(Math.min(done, of))} of ${rowsOf(of)}`;
}

function endMessage(to: NamedStore, { directory }: FoundKey): string {
  const key =
    directory === null
      ? 'HOOKWIRE_MASTER_KEY as here'
      : `HOOKWIRE_MASTER_KEY as ${directory}/master.key says`;
  const start =
    to.kind === 'postgres'
      ? `HOOKWIRE_DATABASE_URL, and ${key}`
      : `HOOKWIRE_DATA_DIR=${to.dataDir}, without HOOKWIRE_DATABASE_URL`;
  return (
    `Moved. Start the gateway with ${start}.\nWhat was moved is still there too, and no gateway starts on it any more: take ` +
    'it away when you need it no longer.\n'
  );
}

async function runMove(options: MoveCommandOptions, io: Io): Promise<void> {
  const config = loadConfig(io.env);
  const [from, to] = [namedStore(options.from), namedStore(options.to)];
  checkPair(from, to);
  const key = await masterKeyOf(config, [from, to]);
  const masterKey = key.text;
  const { previousMasterKeys } = config.secrets;
  const { countStore, moveStores } = await import('../wiring/move-stores.ts');
  if (options.dryRun) {
    const counts = await runDataCommand(io, config, () =>
      countStore({ from, to, masterKey, previousMasterKeys }),
    );
    io.out(wouldMoveMessage(counts));
    io.err('Nothing was changed: this was a dry run.\n');
    return;
  }
  const line = createProgressLine(io);
  const moved = await runDataCommand(io, config, ({ signal }) =>
    moveStores({
      ...{ from, to, masterKey, previousMasterKeys, signal },
      warn: (message) => io.err(`${message}\n`),
      onProgress: (progress) => line.show(progressText(progress)),
    }).finally(line.clear),
  );
  io.out(movedMessage(moved));
  if (to.kind === 'sqlite' && key.directory !== null && key.directory !== to.dataDir) {
    const { writeKeyFile } = await import('../data-directory.ts');
    await writeKeyFile(join(to.dataDir, 'master.key'), masterKey, false);
    io.err(`The master key of ${key.directory}/master.key is in ${to.dataDir} now too.\n`);
  }
  io.err(endMessage(to, key));
}

/** `hookwire move`: everything from one store to the other. */
export function addMoveCommand(program: Command, io: Io): void {
  program
    .command('move')
    .description('move everything from the embedded database to a PostgreSQL, or back')
    .requiredOption('--from <store>', 'a data directory, or postgres://user@host:5432/database')
    .requiredOption('--to <store>', 'the other one, empty')
    .option('--dry-run', 'say how much would be moved, and do nothing; also while the gateway runs', false)
    .addHelpText(
      'after',
      `
Moves configuration, people, keys, events with their deliveries and attempts, what waits, statistics,
tasks and the audit log; ids stay the same. Then it reads both to their end and compares them, and
prints the count and the checksum of each table.

No gateway may run on either, and none starts while it works. One that was ended, also by kill -9,
goes on where it was when it is run again; until then no gateway starts on what is half full.
Behind it none starts on what was moved, so that nothing is sent twice.

Both need the same master key: HOOKWIRE_MASTER_KEY, or master.key in the data directory. A password
need not stand in the command: PGPASSWORD and PGPASSFILE are what they are for psql.

Exits with 2 when a store cannot be moved from or to, with 3 while a gateway runs, with 6 when
the two do not hold the same in the end.

Examples:
  hookwire move --from ./data --to postgres://hookwire@db.example.com/hookwire --dry-run
  hookwire move --from ./data --to postgres://hookwire@db.example.com/hookwire
  hookwire move --from postgres://hookwire@db.example.com/hookwire --to /srv/hookwire
`,
    )
    .action((options: MoveCommandOptions) => runMove(options, io));
}

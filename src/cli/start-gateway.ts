import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { placeOfData } from '../config/place-of-data.ts';
import type { Gateway } from '../gateway.ts';
import { CliError } from './exit-codes.ts';

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error of the start as a person can act on it; anything unexpected comes back as it is. */
export function startProblem(error: unknown, config: Config): unknown {
  const { host, port } = config.http;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new CliError(
        'inUse',
        `Port ${port} on ${host} is in use: stop the other program, or choose another port with HOOKWIRE_PORT.`,
        error,
      );
    case 'EINVAL':
    case 'ENOTSOCK':
    case 'ERR_INVALID_FD_TYPE':
    case 'not_tcp':
      if (config.http.inheritedSocket === null) return error;
      return new CliError(
        'usage',
        'LISTEN_FDS hands over no TCP socket that listens: set ListenStream= in the .socket unit to an address and a port.',
        error,
      );
    case 'EACCES':
      return new CliError(
        'failed',
        `No permission to use port ${port} or the directory ${config.storage.dataDir}: choose others with HOOKWIRE_PORT and HOOKWIRE_DATA_DIR, or give this user the right.`,
        error,
      );
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return new CliError('usage', `${host} is no address of this machine: set HOOKWIRE_HOST to one.`, error);
    case 'database_unusable':
    case 'schema_busy':
      return new CliError('failed', messageOf(error), error);
    case 'data_directory_locked':
      return new CliError('inUse', messageOf(error), error);
    case 'schema_mismatch':
    case 'migration_failed':
    case 'unfinished_restore':
    case 'moved_store':
      return new CliError('data', `${placeOfData(config)}: ${messageOf(error)}`, error);
    case 'wrong_master_key':
      return new CliError('usage', messageOf(error), error);
    default: {
      const words = directoryProblem(error, config.storage.dataDir) ?? databaseProblem(error, config);
      return words === null ? error : new CliError(isDamage(error) ? 'data' : 'failed', words, error);
    }
  }
}

const chooseAnother = 'choose another with HOOKWIRE_DATA_DIR';

function directoryProblem(error: unknown, dataDir: string): string | null {
  switch (codeOf(error)) {
    case 'ENOENT':
      return `The directory ${dataDir} cannot be made: ${chooseAnother}.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${dataDir}, or a part of its path, is a file and no directory: ${chooseAnother}.`;
    case 'EROFS':
      return `The directory ${dataDir} is on a file system that is read only: ${chooseAnother}.`;
    case 'ENOSPC':
      return `There is no space left for the directory ${dataDir}: make room, or ${chooseAnother}.`;
    default:
      return null;
  }
}

const moveAway =
  'put a backup in its place (hookwire restore --replace), or move it away with its -wal and -shm files, and an empty one is made';

/** SQLite gives all its errors the same code; its words, which are those of `sqlite3_errstr`, tell them apart. */
const databaseProblems: readonly (readonly [RegExp, (file: string) => string])[] = [
  [/file is not a database/, (file) => `${file} is no SQLite database: ${moveAway}.`],
  [/database disk image is malformed/, (file) => `${file} is damaged: ${moveAway}.`],
  [/database or disk is full/, (file) => `There is no space left to write ${file}: make room on its disk.`],
  [
    /unable to open database file/,
    (file) => `${file} cannot be opened: it must be a file that this user may read and write.`,
  ],
  [
    /attempt to write a readonly database/,
    (file) => `${file} cannot be written: give this user the right to write it and its directory.`,
  ],
  [/database is locked/, (file) => `Another program keeps ${file} locked: end it, and start again.`],
  [/disk I\/O error/, (file) => `${file} cannot be read or written: look after its disk.`],
];

function isDamage(error: unknown): boolean {
  return /file is not a database|disk image is malformed/.test(messageOf(error));
}

function databaseProblem(error: unknown, { storage }: Config): string | null {
  if (codeOf(error) !== 'ERR_SQLITE_ERROR') return null;
  const known = databaseProblems.find(([words]) => words.test(messageOf(error)));
  return known ? known[1](join(storage.dataDir, 'hookwire.db')) : null;
}

/**
 * The gateway is imported only when it is started, so that `--help` answers at once.
 *
 * @throws {CliError} where the person who starts it can do something about the failure
 */
export async function startGateway(config: Config): Promise<Gateway> {
  const { createGateway } = await import('../gateway.ts');
  try {
    return await createGateway(config);
  } catch (error) {
    throw startProblem(error, config);
  }
}

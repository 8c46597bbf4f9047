import type { Config } from '../config/config.ts';
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
    case 'EACCES':
      return new CliError(
        'failed',
        `No permission to use port ${port} or the directory ${config.storage.dataDir}: choose others with HOOKWIRE_PORT and HOOKWIRE_DATA_DIR, or give this user the right.`,
        error,
      );
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EROFS':
      return new CliError(
        'failed',
        `The directory ${config.storage.dataDir} cannot be made: choose another with HOOKWIRE_DATA_DIR.`,
        error,
      );
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return new CliError('usage', `${host} is no address of this machine: set HOOKWIRE_HOST to one.`, error);
    case 'data_directory_locked':
      return new CliError('inUse', messageOf(error), error);
    case 'wrong_master_key':
      return new CliError('usage', messageOf(error), error);
    default:
      return error;
  }
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

import type { Config } from '../config/config.ts';
import type { CopyProgress } from '../data-directory.ts';
import { CliError, type ExitReason } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createProgressLine } from './progress-line.ts';
import { startProblem } from './start-gateway.ts';

/** What a command on the data directory is given while it runs. */
export interface DataCommandTools {
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CopyProgress) => void;
}

const reasons: Readonly<Record<string, ExitReason>> = {
  usage: 'usage',
  in_use: 'inUse',
  data: 'data',
  failed: 'failed',
  cannot_pin: 'inUse',
  target_too_slow: 'failed',
  wal_changed: 'failed',
};

/**
 * Runs `work` with progress on the terminal, until it ends or the process is asked to stop.
 * @throws {CliError} where a person can do something about what it failed with
 */
export async function runDataCommand<T>(
  io: Io,
  config: Config,
  work: (tools: DataCommandTools) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  void io.untilStopped().then(() => stop.abort());
  const line = createProgressLine(io);
  try {
    return await work({
      signal: stop.signal,
      onProgress(progress) {
        line.show(
          progress.doing === 'check'
            ? 'Reading the copy …'
            : `Copied ${mebibytes(progress.bytes)} of ${mebibytes(progress.of)}`,
        );
      },
    });
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (stop.signal.aborted) throw new CliError('failed', 'Stopped; nothing was changed.', error);
    throw asCliError(error) ?? startProblem(error, config);
  } finally {
    line.clear();
  }
}

/** For a person. */
export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024).toLocaleString('en')} MiB`;
}

export function instant(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function asCliError(error: unknown): CliError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return reason && error instanceof Error ? new CliError(reason, error.message, error) : null;
}

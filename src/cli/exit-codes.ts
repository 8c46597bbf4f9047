/** What the exit codes of every command mean; help and reference are made from this. */
export const exitCodes = {
  ok: { code: 0, means: 'Done; for serve: stopped as asked.' },
  failed: { code: 1, means: 'Failed, or a second signal cut the shutdown short. Standard error says why.' },
  usage: { code: 2, means: 'Wrong options, or a configuration that cannot be used.' },
  inUse: { code: 3, means: 'The port or the data directory is in use by another process.' },
  oldNode: { code: 4, means: 'This Node.js cannot run Hookwire.' },
  storeDied: {
    code: 5,
    means:
      'A thread died, of the store or of those that send, so serve ended by itself. Start it again: what was acknowledged is on disk.',
  },
  data: {
    code: 6,
    means:
      'The database or the backup is not one for this version: a newer one or another application wrote it, or it is damaged.',
  },
} as const;

export type ExitReason = keyof typeof exitCodes;

/** A failure that a person can do something about: shown as its message alone, without a stack. */
export class CliError extends Error {
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.reason = reason;
  }
}

/** A backup or a restore cannot be made; nothing was left behind. The message says what to do. */
export class BackupError extends Error {
  /**
   * `usage`: asked for what cannot be done so. `in_use`: somebody is at work on the data directory. `data`: the file
   * cannot be used. `failed`: the machine refused.
   */
  readonly code: 'usage' | 'in_use' | 'data' | 'failed';

  constructor(code: BackupError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BackupError';
    this.code = code;
  }
}

export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024).toLocaleString('en')} MiB`;
}

import { BackupError } from './backup-error.ts';

const diskRefuses: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on its disk',
  EDQUOT: 'the quota of its disk is used up',
  EFBIG: 'its file system takes no file of that size',
  EROFS: 'its file system is read only',
  EIO: 'its disk failed',
};

/** A write that the machine refused, in words; anything else comes back as it is. */
export function refusedByDisk(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const full = error instanceof Error && 'errcode' in error && error.errcode === 13 ? 'ENOSPC' : code;
  const words = diskRefuses[full];
  if (!words) return error;
  return new BackupError('failed', `${file} could not be written: ${words}. Nothing was left of it.`, error);
}

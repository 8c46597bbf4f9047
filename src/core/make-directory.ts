import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory, and those above it, for this user only (0700).
 *
 * Not `mkdirSync` with `recursive`: below a directory that takes no entries (`/proc/x`) that never returns.
 *
 * @throws what the file system says, when one of them cannot be made
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above);
  mkdirSync(path, { mode: 0o700 });
}

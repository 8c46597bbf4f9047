/**
 * Ends the process at once with this exit code, whatever its threads are doing.
 *
 * `process.exit` waits until every thread has stopped, and one that is inside of SQLite does not stop before the
 * statement ends, or the disk answers. Where there is `execve`, the process becomes one that does nothing but exit: the
 * kernel ends all threads for it.
 */
export function endProcess(code: string | number | null | undefined): never {
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    try {
      process.execve(
        process.execPath,
        [process.execPath, '-e', `process.exitCode = ${Number(code ?? 0)}`],
        {},
      );
    } catch {
      // A system that forbids it.
    }
  }
  process.exit(code);
}

import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';

/** How many files and connections the process may have open at once; `null` where there is no such limit, or none is told. */
export function openFilesLimit(): number | null {
  return fromProc() ?? fromReport();
}

function fromProc(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return numberOf(soft);
  } catch {
    return null;
  }
}

/** Costs some milliseconds; for the systems without /proc. */
function fromReport(): number | null {
  if (!process.report) return null;
  // Else it looks up the names of all addresses that the process is connected with.
  Reflect.set(process.report, 'excludeNetwork', true);
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
  };
  return numberOf(userLimits?.open_files?.soft);
}

function numberOf(limit: number | string | undefined): number | null {
  const value = Number(limit);
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Whether one more file can be opened now. Some 10 µs. */
export function canOpenFile(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'EMFILE' && code !== 'ENFILE';
  }
}

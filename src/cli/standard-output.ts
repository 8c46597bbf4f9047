import { fstatSync, writeFileSync } from 'node:fs';

/** Standard output, which a disk may refuse, and whose reader may have gone. */
export interface StandardOutput {
  write(text: string): void;
  /** Resolves when all is written, to what was refused since it was asked last; `null`: nothing. */
  written(): Promise<Error | null>;
}

const stdout = 1;

/** Whoever read it has closed the pipe (`| head`), and has what it wanted; a gateway goes on without its reader. */
function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE';
}

/**
 * The process's own. What goes to a file is written here: a stream of Node's takes it for written when the last free bytes of a
 * disk took the beginning of it.
 */
export function openStandardOutput(): StandardOutput {
  let refused: Error | null = null;
  const heed = (error: NodeJS.ErrnoException | null | undefined): void => {
    if (error && !isClosedPipe(error)) refused ??= error;
  };
  process.stdout.on('error', heed);
  const isFile = isWrittenAtOnce();

  return {
    write(text) {
      if (!isFile) {
        process.stdout.write(text, heed);
        return;
      }
      try {
        writeFileSync(stdout, text);
      } catch (error) {
        heed(error as NodeJS.ErrnoException);
      }
    },
    async written() {
      if (!isFile) await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      const found = refused;
      refused = null;
      return found;
    },
  };
}

function isWrittenAtOnce(): boolean {
  try {
    const is = fstatSync(stdout);
    return !process.stdout.isTTY && !is.isFIFO() && !is.isSocket();
  } catch {
    // It is closed.
    return false;
  }
}

/** For a person. */
export function outputRefused({ message }: Error): string {
  return `Standard output could not be written: ${message}.`;
}

import type { Io } from '../io.ts';

/** A process that a test holds in its hand. */
export interface RecordedIo extends Io {
  readonly stdout: string;
  readonly stderr: string;
  /** Asks the command to stop, as a signal would. */
  stop(): void;
  /** Resolves when standard output or standard error contains `text`. */
  printed(text: string): Promise<void>;
}

/** @param refused what standard output refuses, the first time that it is asked */
export function createRecordedIo(env: NodeJS.ProcessEnv = {}, refused: Error | null = null): RecordedIo {
  let stdout = '';
  let stderr = '';
  const stopping = Promise.withResolvers<void>();
  const waiting = new Set<() => void>();
  let left = refused;
  const wake = (): void => {
    for (const check of waiting) check();
  };
  return {
    env,
    isTerminal: false,
    out(text) {
      stdout += text;
      wake();
    },
    async written() {
      const found = left;
      left = null;
      return found;
    },
    err(text) {
      stderr += text;
      wake();
    },
    untilStopped: () => stopping.promise,
    stop: () => stopping.resolve(),
    printed(text) {
      return new Promise((resolve) => {
        const check = (): void => {
          if (!stdout.includes(text) && !stderr.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}

import { endProcess } from './end-process.ts';
import { exitCodes } from './exit-codes.ts';
import { openStandardOutput, type StandardOutput } from './standard-output.ts';

/** What a command sees of the process around it, so that tests can stand in for it. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  /** Writes to standard output. */
  out(text: string): void;
  /** Of standard output. */
  readonly written: StandardOutput['written'];
  /** Writes to standard error. */
  err(text: string): void;
  /** Whether a person watches standard error, so that a line may be written over. */
  readonly isTerminal: boolean;
  /** Resolves when the process is asked to stop (SIGINT, SIGTERM). */
  untilStopped(): Promise<void>;
}

const stopSignals = ['SIGINT', 'SIGTERM'] as const;
const parentCheckMs = 500;
const handlesMayLingerMs = 2_000;

/**
 * npm hands SIGTERM to the shell that it runs a script in, and the shell ends without handing it on: `npm start` would
 * be gone and the gateway still hold its port. So under npm the end of the parent counts as the signal.
 */
function whenNpmEnds(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, parentCheckMs).unref();
}

/** The real process. The first signal asks to stop, the second ends the process at once. */
export function createProcessIo(): Io {
  const { write, written } = openStandardOutput();
  // There is nobody whom it could be told.
  process.stderr.on('error', () => {});
  return {
    env: process.env,
    ...{ out: write, written },
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    untilStopped() {
      return new Promise((resolve) => {
        let asked = false;
        for (const signal of stopSignals) {
          process.on(signal, () => {
            if (asked) endProcess(exitCodes.failed.code);
            asked = true;
            resolve();
          });
        }
        whenNpmEnds(resolve);
      });
    },
  };
}

/** Ends the process when its work is done, even where something (an idle connection, a timer, a thread) would keep it alive. */
export function exitSoon(): void {
  const died = process.exitCode === exitCodes.storeDied.code;
  setTimeout(() => endProcess(process.exitCode), died ? 0 : handlesMayLingerMs).unref();
}

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patienceMs } from './patience.ts';

const children = new Map<ChildProcess, NodeJS.Signals>();
const directories = new Set<string>();

// However a benchmark ends, it leaves no process and no file behind.
process.on('exit', () => {
  for (const [child, signal] of children) child.kill(signal);
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** Sees to it that a child process does not outlive this one. SIGTERM is for one that has to end others first. */
export function keep<T extends ChildProcess>(child: T, signal: NodeJS.Signals = 'SIGKILL'): T {
  children.set(child, signal);
  child.once('exit', () => children.delete(child));
  return child;
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Asks a child to end, and ends it after `withinMs`. Resolves when it has ended. */
export async function end(child: ChildProcess, ask: () => void, withinMs = patienceMs): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  ask();
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await exited;
  clearTimeout(timer);
}

/** A new temporary directory, removed at the end at the latest. */
export function temporaryDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `hookwire-${name}-`));
  directories.add(directory);
  return directory;
}

export function removeDirectory(directory: string): void {
  directories.delete(directory);
  rmSync(directory, { recursive: true, force: true });
}

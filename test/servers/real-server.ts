import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../src/testing/free-port.ts';

/** A server as customers run them. */
export interface ServerKind {
  readonly name: string;
  /** What the machine must have for it, in words. */
  readonly needs: string;
  /** It answers 413 to a body of more than 100,000 bytes. */
  readonly limitsBodies: boolean;
  /** It takes URLs of some 4,000 bytes only. */
  readonly shortUrls?: boolean;
  /** Starts it on a free port of loopback; `null` where the machine lacks something. */
  start(place: Place): Promise<RunningServer | null>;
}

/** Where a server puts its files. */
export interface Place {
  /** An empty folder that everybody may write to. */
  readonly dir: string;
  /** The file to which its endpoint adds a line of JSON for each report. */
  readonly log: string;
  readonly port: number;
}

export interface RunningServer extends AsyncDisposable {
  /** Of its endpoint. */
  readonly url: string;
  /** Takes over its configuration anew while it serves; `null` where it cannot. */
  readonly reload: (() => Promise<void>) | null;
}

export const endpoints = join(import.meta.dirname, 'endpoints');

/** A folder of its own in the temporary directory, which goes away in the end. */
export async function makePlace(): Promise<Place & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'hookwire-server-'));
  const log = join(dir, 'reports.ndjson');
  await writeFile(log, '');
  // Some servers drop their rights.
  await chmod(dir, 0o777);
  await chmod(log, 0o666);
  return {
    ...{ dir, log, port: await freePort() },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Where a program is, by names or patterns; `null` where the machine lacks it. */
export function find(...patterns: string[]): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/lib/apache2/modules'];
  for (const pattern of patterns) {
    for (const folder of folders) {
      const [found] = globSync(join(folder, pattern)).sort();
      if (found !== undefined) return found;
    }
    if (pattern.startsWith('/') && existsSync(pattern)) return pattern;
  }
  return null;
}

/** Runs a program until it is stopped; what it says is shown when it cannot start. */
export async function runServer(
  { port }: Place,
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<{ readonly child: ChildProcess } & AsyncDisposable> {
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    // Apache sends its signals to its whole process group.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (text: Buffer) => {
    said = (said + text.toString()).slice(-4_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = once(child, 'exit');
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  void ended.then(() => process.off('exit', end));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
    await setTimeout(50);
  }
  return {
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await Promise.race([ended, setTimeout(5_000)]);
      if (child.exitCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

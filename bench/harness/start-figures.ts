import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { freePort } from '../../src/testing/free-port.ts';
import { end, hasEnded, keep, removeDirectory, temporaryDirectory } from './children.ts';
import { root } from './machine.ts';
import { pause } from './processes.ts';

/** What one start cost, from the command to the open port. */
export interface StartFigures {
  /** Of the whole tree of processes: npm, the shell and the gateway with its threads. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

const lookEveryMs = 2;
const longestMs = 60_000;

/**
 * Starts the gateway by a command, such as `npm start`, waits until its port takes a connection, and stops it.
 * @param dataDir default: a new one
 */
export async function startFigures(
  [command, ...args]: readonly [string, ...string[]],
  dataDir: string | null = null,
): Promise<StartFigures> {
  const directory = dataDir ?? temporaryDirectory('start');
  const port = await freePort();
  const startedAt = performance.now();
  const child = keep(
    spawn(command, args, {
      cwd: root,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        HOOKWIRE_PORT: String(port),
        HOOKWIRE_DATA_DIR: directory,
        HOOKWIRE_OPERATOR_KEY: 'hw_benchmark_operator_key_0123456789abcdef',
      },
    }),
  );
  while (!(await takesConnections(port))) {
    if (hasEnded(child)) throw new Error(`${command} ended with ${child.exitCode ?? child.signalCode}.`);
    if (performance.now() - startedAt > longestMs) throw new Error('The port does not open.');
    await pause(lookEveryMs);
  }
  const figures = {
    cpuSeconds: cpuOfTree(child.pid ?? 0),
    wallSeconds: (performance.now() - startedAt) / 1000,
  };
  await stopTree(child);
  if (dataDir === null) removeDirectory(directory);
  return figures;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const tell = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', tell(true)).once('error', tell(false));
  });
}

/** The process and everything it started, the last first. */
function treeOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [...children.flatMap(treeOf), pid];
  } catch {
    return [];
  }
}

/** What every process of the tree took, with its children that have ended; 100 clock ticks are a second. */
function cpuOfTree(pid: number): number {
  let ticks = 0;
  for (const one of treeOf(pid)) {
    const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return ticks / 100;
}

/** Stops the gateway itself: npm would be gone before it. */
async function stopTree(child: ChildProcess): Promise<void> {
  const [gateway = child.pid ?? 0] = treeOf(child.pid ?? 0);
  await end(child, () => process.kill(gateway, 'SIGTERM'));
}

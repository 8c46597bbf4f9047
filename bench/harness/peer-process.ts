import { fork } from 'node:child_process';
import { basename, join } from 'node:path';
import { end, keep, removeDirectory, temporaryDirectory } from './children.ts';
import { root } from './machine.ts';

/** A peer that is ready, and what its program told then. */
export type PeerProcess<Told> = Told & AsyncDisposable & { readonly pid: number };

/**
 * Starts `bench/<program>.ts` with a directory of its own, and waits until it is ready.
 *
 * @param program `peers/bullmq`: takes events as Hookwire does, and tells its `url`; `platforms/svix`: tells an `Address`
 */
export async function startPeer<Told extends object>(
  program: string,
  target: string,
): Promise<PeerProcess<Told>> {
  const directory = temporaryDirectory(basename(program));
  const child = keep(fork(join(root, 'bench', `${program}.ts`), [target, directory]), 'SIGTERM');
  const ready = Promise.withResolvers<Told>();
  child.once('message', (told) => ready.resolve(told as Told));
  child.once('exit', (code) => ready.reject(new Error(`${program} ended with code ${code}.`)));
  const told = await ready.promise;
  return {
    ...told,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await end(child, () => child.send('stop'));
      removeDirectory(directory);
    },
  };
}

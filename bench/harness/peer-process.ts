import { fork } from 'node:child_process';
import { join } from 'node:path';
import { end, keep, removeDirectory, temporaryDirectory } from './children.ts';
import { root } from './machine.ts';

/** A peer that takes events as Hookwire does: `POST /v1/events`. */
export interface PeerProcess extends AsyncDisposable {
  readonly url: string;
}

/** Starts `bench/peers/<name>.ts`, with a database of its own, and waits until it is ready. */
export async function startPeer(name: string, target: string): Promise<PeerProcess> {
  const directory = temporaryDirectory(name);
  const child = keep(fork(join(root, 'bench/peers', `${name}.ts`), [target, directory]), 'SIGTERM');
  const ready = Promise.withResolvers<string>();
  child.once('message', ({ url }: { url: string }) => ready.resolve(url));
  child.once('exit', (code) => ready.reject(new Error(`${name} ended with code ${code}.`)));
  const url = await ready.promise;
  return {
    url,
    async [Symbol.asyncDispose]() {
      await end(child, () => child.send('stop'));
      removeDirectory(directory);
    },
  };
}

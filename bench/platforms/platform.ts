/**
 * What every platform's program has in common: it starts the platform's servers, gives it one customer with one webhook,
 * tells where events are to be posted, and ends everything when it is told to or when the benchmark is gone.
 */
import type { Intake } from '../harness/load.ts';

/** Where and how events are posted. */
export interface Address {
  readonly url: string;
  readonly key: string;
  readonly intake: Intake;
}

export interface Platform extends Address {
  /** Ends its servers; those that do not keep themselves are killed when the program ends. */
  close(): Promise<unknown>;
}

/**
 * Runs a platform: `node bench/platforms/<platform>.ts <url of the sink> <empty directory for its databases>`. Tells its
 * `Address` over IPC when it is ready.
 */
export async function servePlatform(
  open: (target: string, directory: string) => Promise<Platform>,
): Promise<void> {
  const [target = '', directory = ''] = process.argv.slice(2);
  const { close, ...address } = await open(target, directory);
  process.send?.(address satisfies Address);
  const stop = async (): Promise<never> => {
    await close();
    process.exit();
  };
  for (const ending of ['message', 'disconnect', 'SIGTERM'] as const) process.once(ending, stop);
}

/** A call of a platform's API with JSON; rejects with its answer when it refuses. */
export async function call<T>(
  { url, key }: Pick<Address, 'url' | 'key'>,
  method: string,
  path: string,
  body: unknown,
): Promise<T> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

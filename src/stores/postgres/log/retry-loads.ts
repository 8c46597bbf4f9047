import { createTurns } from '../../../core/turns.ts';
import type { Line } from './line.ts';
import { type AskedRetries, type LoadedRetries, loadRetries } from './loads.ts';

/**
 * Due retries of many webhooks, loaded together: where thousands of endpoints fail, as many webhooks have some to load at the same
 * time, and one by one each would be two ways to the server and back, which others wait for.
 */
export interface RetryLoads {
  load(asked: AskedRetries): Promise<LoadedRetries>;
}

/** Webhooks at once: some 5 ms. */
const mostWebhooks = 50;
/** What they may come to; the first has all it asked for, whatever that is. */
const mostCharacters = 500_000;

interface Waiting {
  readonly asked: AskedRetries;
  readonly resolve: (loaded: LoadedRetries) => void;
  readonly reject: (error: unknown) => void;
}

export function createRetryLoads(line: Line): RetryLoads {
  const waiting = createTurns<Waiting>();
  /** They have their turn in the line coming. */
  let coming = false;

  function come(): void {
    if (coming) return;
    coming = true;
    let some: readonly Waiting[] = [];
    line
      .run('', async (client) => {
        some = takeSome();
        const loaded = await loadRetries(
          client,
          some.map(({ asked }) => asked),
          mostCharacters,
        );
        for (const [i, { resolve }] of some.slice(0, loaded.length).entries()) {
          resolve(loaded[i] as LoadedRetries);
        }
        // They stay first of their accounts, in their order.
        for (const each of some.slice(loaded.length).toReversed()) {
          waiting.giveBack(each.asked.account, each);
        }
      })
      .catch((error) => {
        // Without a connection none was taken: who waits for one waits in vain.
        for (const { reject } of some.length > 0 ? some : takeAll()) reject(error);
      })
      .finally(() => {
        coming = false;
        if (waiting.peek()) come();
      });
  }

  function takeSome(): Waiting[] {
    const some: Waiting[] = [];
    for (let next = waiting.take(); next; next = some.length < mostWebhooks ? waiting.take() : null) {
      some.push(next.item);
    }
    return some;
  }

  function takeAll(): Waiting[] {
    const all: Waiting[] = [];
    for (let next = waiting.take(); next; next = waiting.take()) all.push(next.item);
    return all;
  }

  return {
    load: (asked) =>
      new Promise((resolve, reject) => {
        waiting.add(asked.account, { asked, resolve, reject });
        come();
      }),
  };
}

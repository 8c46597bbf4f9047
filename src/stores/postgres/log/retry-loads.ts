import type { ClientBase } from 'pg';
import { isOfConnection } from '../connection.ts';
import type { Line } from './line.ts';
import { type AskedRetries, type LoadedRetries, loadRetries } from './loads.ts';

/**
 * Due retries of many webhooks, loaded together: where thousands of endpoints fail, as many webhooks have some to load at the same
 * time, and one by one each would be two ways to the server and back, which others wait for.
 *
 * Each load has its turn in the line, by its account. It takes along others that wait, whose turns are not wanted then.
 */
export interface RetryLoads {
  load(asked: AskedRetries): Promise<LoadedRetries>;
}

/** Webhooks at once: each answer is a slice of the lanes' work, before what is recorded behind it. */
const mostWebhooks = 16;
/** What they may come to; whose turn it is has all it asked for, whatever that is. */
const mostCharacters = 150_000;

interface Waiting {
  readonly asked: AskedRetries;
  readonly resolve: (loaded: LoadedRetries) => void;
  readonly reject: (error: unknown) => void;
}

export function createRetryLoads(line: Pick<Line, 'runIfWanted'>): RetryLoads {
  const waiting = new Set<Waiting>();

  async function loadTogether(client: ClientBase, some: readonly Waiting[]): Promise<void> {
    const asked = some.map((each) => each.asked);
    const loaded = await loadRetries(client, asked, mostCharacters);
    for (const [i, each] of some.entries()) {
      const answer = loaded[i];
      if (!answer) break;
      waiting.delete(each);
      each.resolve(answer);
    }
  }

  async function loadSome(client: ClientBase, first: Waiting): Promise<void> {
    const some = [first];
    for (const each of waiting) {
      if (some.length === mostWebhooks) break;
      if (each !== first) some.push(each);
    }
    try {
      await loadTogether(client, some);
    } catch (error) {
      if (some.length === 1 || isOfConnection(error)) throw error;
      // What fails may be another's.
      await loadTogether(client, [first]);
    }
  }

  function refuse(those: Iterable<Waiting>, error: unknown): void {
    for (const each of those) {
      waiting.delete(each);
      each.reject(error);
    }
  }

  return {
    load: (asked) =>
      new Promise((resolve, reject) => {
        const own: Waiting = { asked, resolve, reject };
        waiting.add(own);
        let began = false;
        line
          .runIfWanted(
            asked.account,
            () => waiting.has(own),
            (client) => {
              began = true;
              return loadSome(client, own);
            },
          )
          // Where there is no connection, nobody gets one who waits for his turn.
          .catch((error) => refuse(began ? [own] : [...waiting], error));
      }),
  };
}

import { notFound } from '../answers/not-found.ts';
import type { AccountReach, Findable } from './reach.ts';

/** Whose things a reach has. Stores take an account's id, or `null` for everything, which nothing else here may say. */
export interface Whose {
  readonly accountId: string | null;
  /** Whether what belongs to this account (`null`: to the platform) is within reach. */
  includes(accountId: string | null): boolean;
  /** The reach of the account that something found belongs to. */
  ownerOf(accountId: string): AccountReach;
}

/**
 * @param what people call such a thing
 * @param whyGone a sentence for one that may have been there; `null`: nothing is known
 */
export function findable<T>(
  what: string,
  get: (id: string) => Promise<T | null>,
  whyGone: (id: string) => string | null = () => null,
): Findable<T> {
  return {
    get,
    async find(id) {
      const found = await get(id);
      if (found === null) throw notFound(what, id, whyGone(id));
      return found;
    },
  };
}

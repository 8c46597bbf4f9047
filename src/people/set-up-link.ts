import { randomBytes } from 'node:crypto';
import { hashKey, sameHash } from '../core/api-key.ts';
import type { Clock } from '../core/clock.ts';

/** The link by which the first operator is made. A start makes a new one, which ends those before. */
export interface SetUpLink {
  /** A new token. */
  issue(): string;
  /**
   * Takes the token out of use, if it is the right one, until the work is done: `false` where it is not. Work that
   * fails gives it back.
   */
  use(token: string, work: () => Promise<void>): Promise<boolean>;
}

const goodForMs = 24 * 60 * 60 * 1000;

/** Keeps the hash of the token in memory: it is good until it was used, or the gateway stops, or a day is over. */
export function createSetUpLink(clock: Pick<Clock, 'now'>): SetUpLink {
  let current: { readonly hash: string; readonly until: number } | null = null;

  return {
    issue() {
      const token = randomBytes(32).toString('base64url');
      current = { hash: hashKey(token), until: clock.now() + goodForMs };
      return token;
    },
    async use(token, work) {
      const link = current;
      if (!link || link.until <= clock.now() || !sameHash(link.hash, hashKey(token))) return false;
      current = null;
      try {
        await work();
        return true;
      } catch (error) {
        current = link;
        throw error;
      }
    },
  };
}

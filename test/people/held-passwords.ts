import type { Passwords } from '../../src/people/passwords.ts';
import { quickPasswords } from '../../src/testing/quick-passwords.ts';

type Step = 'hash' | 'verify';

/** A step of the passwords' check that does not go on before it is told to. */
export interface HeldStep {
  /** Resolves when somebody is at it. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Quick passwords of which a test holds single steps, so that something else happens meanwhile. */
export interface HeldPasswords extends Passwords {
  /** Holds the next step of this kind, after it was done and before its outcome is given back. */
  hold(step: Step): HeldStep;
}

export function createHeldPasswords(): HeldPasswords {
  const held: Record<Step, { reach(): void; readonly released: Promise<void> }[]> = { hash: [], verify: [] };

  async function pass<T>(step: Step, outcome: T): Promise<T> {
    const next = held[step].shift();
    next?.reach();
    await next?.released;
    return outcome;
  }

  return {
    waiting: 0,
    hash: async (password) => pass('hash', await quickPasswords.hash(password)),
    verify: async (pair) => pass('verify', await quickPasswords.verify(pair)),
    hold(step) {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      held[step].push({ reach, released });
      return { reached, release };
    },
  };
}

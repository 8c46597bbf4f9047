/** In characters. NIST SP 800-63B asks for 8 at least; there is no second factor here. */
export const passwordLength = { min: 12, max: 128 } as const;

/** Hashes passwords, a few at a time. */
export interface Passwords {
  hash(password: string): Promise<string>;
  verify(pair: { readonly hash: string; readonly password: string }): Promise<boolean>;
  /** How many wait for their turn. */
  readonly waiting: number;
}

/** Loaded when the first password is looked at: it brings 20 MB along. */
function hashing() {
  return import('better-auth/crypto');
}

/**
 * better-auth's own hash, which on Node is `crypto.scrypt` (N = 2^14, r = 16: 32 MiB and some 60 ms of CPU) on a thread
 * of libuv's pool: the main thread is held up for 0.15 ms (measured). But that pool has four threads and looks up
 * the endpoints' names too, so passwords never take more than two of them.
 */
export function createPasswords(most = 2): Passwords {
  const queue: (() => void)[] = [];
  let busy = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (busy >= most) await new Promise<void>((resolve) => queue.push(resolve));
    else busy++;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else busy--;
    }
  }

  return {
    hash: (password) => inTurn(async () => (await hashing()).hashPassword(password)),
    verify: (pair) => inTurn(async () => (await hashing()).verifyPassword(pair)),
    get waiting() {
      return queue.length;
    },
  };
}

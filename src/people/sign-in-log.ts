import type { Clock } from '../core/clock.ts';

/** What the library that signs people in has to say. */
export type SignInLog = (words: string) => void;

interface SignInLogParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: { warn(details: object, message: string): void };
}

const everyMs = 60_000;
const mostWords = 100;
const longest = 200;

/**
 * Writes it as warnings, each of them once a minute at most: most of it is about visitors who send something wrong, which
 * anybody can do as often as they like. What is the gateway's own failure is told by the call that fails of it.
 */
export function createSignInLog({ clock, log }: SignInLogParts): SignInLog {
  const told = new Map<string, { readonly at: number; kept: number }>();

  return (words) => {
    const now = clock.now();
    const message = `Sign-in: ${words.slice(0, longest)}`;
    const before = told.get(message);
    if (before && now - before.at < everyMs) {
      before.kept++;
      return;
    }
    if (!before && told.size >= mostWords) {
      for (const [each, { at }] of told) if (now - at >= everyMs) told.delete(each);
      if (told.size >= mostWords) return;
    }
    told.set(message, { at: now, kept: 0 });
    log.warn(before && before.kept > 0 ? { notTold: before.kept } : {}, message);
  };
}

import type { Clock } from '../../core/clock.ts';
import type { KeptAnswer } from '../../stores/ports/kept-answers.ts';

/** How long whole answers stay in memory (ms). */
export const recentForMs = 10 * 60_000;
const mostBytes = 32 * 1024 * 1024;
const mostBytesOfScope = 8 * 1024 * 1024;

/**
 * Whole answers in memory for a while: those that hold what is shown once, and those to events, which are told apart by
 * themselves after that. Bounded in bytes in all and by account; the oldest go first.
 */
export interface RecentAnswers {
  find(scope: string, key: string): KeptAnswer | null;
  keep(answer: KeptAnswer): void;
}

export function createRecentAnswers(clock: Pick<Clock, 'now'>): RecentAnswers {
  /** By age. */
  const all = new Map<string, KeptAnswer>();
  const bytesOf = new Map<string, number>();
  let bytes = 0;

  function drop(id: string, answer: KeptAnswer): void {
    all.delete(id);
    const size = sizeOf(answer);
    bytes -= size;
    const left = (bytesOf.get(answer.scope) ?? 0) - size;
    if (left > 0) bytesOf.set(answer.scope, left);
    else bytesOf.delete(answer.scope);
  }

  function tidy(scope: string): void {
    const before = clock.now() - recentForMs;
    for (const [id, answer] of all) {
      const isOld = answer.at <= before || bytes > mostBytes;
      const isTooMuch = answer.scope === scope && (bytesOf.get(scope) ?? 0) > mostBytesOfScope;
      if (isOld || isTooMuch) drop(id, answer);
      else if (bytes <= mostBytes && (bytesOf.get(scope) ?? 0) <= mostBytesOfScope) return;
    }
  }

  return {
    find(scope, key) {
      const found = all.get(idOf(scope, key));
      return found && found.at > clock.now() - recentForMs ? found : null;
    },
    keep(answer) {
      const id = idOf(answer.scope, answer.key);
      const before = all.get(id);
      if (before) drop(id, before);
      all.set(id, answer);
      bytes += sizeOf(answer);
      bytesOf.set(answer.scope, (bytesOf.get(answer.scope) ?? 0) + sizeOf(answer));
      tidy(answer.scope);
    },
  };
}

/** An account's id holds no blank. */
export function idOf(scope: string, key: string): string {
  return `${scope} ${key}`;
}

function sizeOf({ key, body }: KeptAnswer): number {
  return 500 + key.length + 2 * (body?.length ?? 0);
}

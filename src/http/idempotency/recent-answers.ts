import type { Clock } from '../../core/clock.ts';
import type { KeptAnswer } from '../../stores/ports/kept-answers.ts';

/** How long whole answers stay in memory (ms). */
export const recentForMs = 10 * 60_000;
export const mostBytes = 32 * 1024 * 1024;
export const mostBytesOfScope = 8 * 1024 * 1024;

/**
 * Whole answers in memory for a while: those that hold what is shown once, and those to events, which are told apart by
 * themselves after that. Bounded in bytes in all and by account; the oldest go first.
 */
export interface RecentAnswers {
  find(scope: string, key: string): KeptAnswer | null;
  keep(answer: KeptAnswer): void;
}

interface Scope {
  /** By age. */
  readonly answers: Map<string, KeptAnswer>;
  bytes: number;
}

export function createRecentAnswers(clock: Pick<Clock, 'now'>): RecentAnswers {
  /** By age. */
  const all = new Map<string, KeptAnswer>();
  const scopes = new Map<string, Scope>();
  let bytes = 0;

  function add(answer: KeptAnswer): Scope {
    const { scope, key } = answer;
    const own = scopes.get(scope) ?? { answers: new Map<string, KeptAnswer>(), bytes: 0 };
    scopes.set(scope, own);
    own.answers.set(key, answer);
    own.bytes += sizeOf(answer);
    all.set(idOf(scope, key), answer);
    bytes += sizeOf(answer);
    return own;
  }

  function drop(answer: KeptAnswer): void {
    const { scope, key } = answer;
    const own = scopes.get(scope);
    own?.answers.delete(key);
    if (own) own.bytes -= sizeOf(answer);
    if (own?.answers.size === 0) scopes.delete(scope);
    all.delete(idOf(scope, key));
    bytes -= sizeOf(answer);
  }

  return {
    find(scope, key) {
      const found = scopes.get(scope)?.answers.get(key);
      return found && found.at > clock.now() - recentForMs ? found : null;
    },
    keep(answer) {
      const before = all.get(idOf(answer.scope, answer.key));
      if (before) drop(before);
      const own = add(answer);
      for (const oldest of own.answers.values()) {
        if (own.bytes <= mostBytesOfScope) break;
        drop(oldest);
      }
      const tooOld = clock.now() - recentForMs;
      for (const oldest of all.values()) {
        if (oldest.at > tooOld && bytes <= mostBytes) break;
        drop(oldest);
      }
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

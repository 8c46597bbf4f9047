import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';

/** A small file of the system, read when it has changed. */
export interface SystemFile<T> {
  current(): T;
}

/** A change is noticed after this. */
export const lookAgainMs = 2_000;

/**
 * Looks after the file when it is asked, every two seconds at most. In this thread: a look costs 5 µs, and libuv's pool,
 * which would do it elsewhere, may be busy with what takes long.
 *
 * @param parse reads its text; an absent file is an empty text. One that cannot be read now stays as it was.
 */
export function watchSystemFile<T>(path: string, parse: (text: string) => T, clock: Clock): SystemFile<T> {
  let lookedAt = Number.NaN;
  let seen = '';
  let value = parse('');

  function look(): void {
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      const state = stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : 'absent';
      if (state === seen) return;
      value = parse(stat ? readFileSync(path, 'utf8') : '');
      seen = state;
    } catch {
      // No descriptor is free, or the file is being replaced.
    }
  }

  return {
    current() {
      const now = clock.now();
      // Also after the clock was set back.
      if (!(now - lookedAt < lookAgainMs && now >= lookedAt)) {
        lookedAt = now;
        look();
      }
      return value;
    },
  };
}

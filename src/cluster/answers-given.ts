import type { Clock } from '../core/clock.ts';

/** What was answered lately, so that a question that comes again is not carried out again. */
export interface AnswersGiven<Answer> {
  /** `null`: nothing is known of it. */
  get(key: string): Answer | 'under way' | null;
  begin(key: string): void;
  end(key: string, answer: Answer): void;
}

/** Longer than a question is asked again. */
const keptForMs = 60_000;
const mostKept = 2_000;

/** Keeps each answer for a minute, 2,000 at most; what is under way is kept until it has ended. */
export function createAnswersGiven<Answer>(clock: Pick<Clock, 'elapsed'>): AnswersGiven<Answer> {
  const underWay = new Set<string>();
  /** The oldest first. */
  const answers = new Map<string, { readonly answer: Answer; readonly at: number }>();

  function forgetOld(): void {
    const before = clock.elapsed() - keptForMs;
    for (const [key, { at }] of answers) {
      if (at > before && answers.size <= mostKept) return;
      answers.delete(key);
    }
  }

  return {
    get: (key) => (underWay.has(key) ? 'under way' : (answers.get(key)?.answer ?? null)),
    begin: (key) => void underWay.add(key),
    end(key, answer) {
      underWay.delete(key);
      answers.set(key, { answer, at: clock.elapsed() });
      forgetOld();
    },
  };
}

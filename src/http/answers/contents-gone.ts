import { HookwireError } from '../../core/errors.ts';
import type { EventHead } from '../../core/event.ts';
import type { KeptUntil } from '../../core/keeping.ts';

export interface OfEvent {
  readonly event: Pick<EventHead, 'cut'>;
  readonly keptUntil: KeptUntil;
  /** ms since the Unix epoch. */
  readonly now: number;
}

/**
 * For what needs all of an event.
 * @param so what follows where it is not there, a sentence
 * @throws HookwireError `conflict`, saying why it is gone
 */
export function requireContents({ event: { cut }, keptUntil: { payload }, now }: OfEvent, so: string): void {
  if (!cut) return;
  throw new HookwireError('conflict', `${whyGone(cut.contents, payload, now)} ${so}`);
}

/** Where the account keeps contents longer now than it did then, it is not known until when it was. */
function whyGone(contents: 'cut' | 'erased', until: number | null, now: number): string {
  if (contents === 'erased') return 'Its contents were erased.';
  return until !== null && until <= now
    ? `Its contents were kept until ${new Date(until).toISOString().slice(0, 10)}.`
    : 'Its contents are gone: the account kept them for a shorter time then.';
}

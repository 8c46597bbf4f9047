import type { Delivery } from '../../api/deliveries.ts';

/** "for 400 days", "for ever". */
export function keptFor(days: number): string {
  if (days === 0) return 'for ever';
  return `for ${days === 1 ? '1 day' : `${days.toLocaleString('en')} days`}`;
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** "3 May 2026", in the reader's own time. */
export function dayOf(at: string): string {
  return day.format(new Date(at));
}

/** Something whose contents are gone some day. */
export interface Kept {
  readonly contents: Delivery['contents'];
  /** `null`: for ever. */
  readonly contentsKeptUntil: string | null;
  readonly keptUntil: string | null;
}

/** Why contents are gone, in a sentence; `null`: they are there. */
export function whyGone({ contents, contentsKeptUntil }: Kept, now: number): string | null {
  if (contents === 'kept') return null;
  if (contents === 'erased') return 'Somebody asked for it to be forgotten, so its contents were erased.';
  // Where the account keeps things longer now, it is not known until when it did.
  return contentsKeptUntil !== null && Date.parse(contentsKeptUntil) <= now
    ? `Its contents were kept until ${dayOf(contentsKeptUntil)}.`
    : 'The account kept them for a shorter time then.';
}

/** "Contents until 3 May 2026, the entry until 12 June 2027." */
export function keptInWords({ contents, contentsKeptUntil, keptUntil }: Kept): string {
  const entry = keptUntil === null ? 'for ever' : `until ${dayOf(keptUntil)}`;
  if (contents !== 'kept') return `The entry ${entry}`;
  if (contentsKeptUntil === keptUntil) return `All of it ${entry}`;
  const all = contentsKeptUntil === null ? 'for ever' : `until ${dayOf(contentsKeptUntil)}`;
  return `Contents ${all}, the entry ${entry}`;
}

import type { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { numberHash } from '../../../core/number-hash.ts';
import { createTraces, fewestDigits, type Sought, type Traces } from '../../../core/traces.ts';
import { normalNumber } from '../../../shared/normal-number.ts';
import { numberKeyOf } from '../thread/number-key.ts';

/** The traces of a person, those in events that were cut included: these have a hash of the number. */
export function tracesOf(db: DatabaseSync, sought: Sought): Traces {
  const traces = createTraces(sought);
  if (!('mobileNumber' in sought)) return traces;
  const key = numberKeyOf(db);
  const known = new Set(formsOf(normalNumber(sought.mobileNumber)).map((form) => numberHash(key, form)));
  const wasTheirs = ({ cut }: Event): boolean =>
    cut?.mobileNumber != null && known.has(cut.mobileNumber.hash);
  return { ...traces, isTheirs: (event) => wasTheirs(event) || traces.isTheirs(event) };
}

/** A number, and what it is at home, whatever its country code. */
export function formsOf(whole: string): readonly string[] {
  const codes = Array.from({ length: whole.length - fewestDigits }, (_, last) => last + 1);
  return [whole, ...codes.map((digits) => `0${whole.slice(digits)}`)];
}

import { isNumber, normalNumber } from '../shared/normal-number.ts';
import type { Event } from './event.ts';
import { replaceTokens } from './json-tokens.ts';
import { readKept } from './kept-json.ts';
import { createNumberMask } from './mask-number.ts';

/** Who is to be forgotten, by one of the names that events have for a person, or a message of theirs. */
export type Sought =
  | { readonly mobileNumber: string }
  | { readonly userId: string }
  | { readonly messageId: string };

/** Where somebody's name stands in what is stored. */
export interface Traces {
  /** The event is about them: its recipient or sender, or one of its ids names them. */
  isTheirs(event: Event): boolean;
  occurIn(text: string): boolean;
  /** The text with bullets in their places. */
  hiddenIn(text: string): string;
}

/** Of eight digits or more a number is recognised in any text; so many has the shortest with its country code. */
export const fewestDigits = 8;
const mostDigits = 15;
/** A shorter id stands for other things in texts: it is looked for in the field of ids alone. */
const shortestInText = 6;
/** A shorter id has no encoding that is not a part of other texts. */
const shortestEncoded = 8;
const bullets = '•••';

/**
 * Why nobody can be found so; `null`: they can. A number has its country code, since one without is that of people in
 * many countries.
 */
export function unfindable(sought: Sought): string | null {
  if (!('mobileNumber' in sought)) return null;
  const whole = normalNumber(sought.mobileNumber);
  const { length } = whole;
  if (isNumber(whole) && !whole.startsWith('0') && length >= fewestDigits && length <= mostDigits)
    return null;
  return `must be a whole number with its country code, ${fewestDigits} to ${mostDigits} digits.`;
}

/**
 * Finds a person's name in every spelling that is known: a number as `mask-number.ts` recognises it, by its last eight
 * digits; an id as it is, and in what addresses, JSON, Base64 and hexadecimal make of it.
 */
export function createTraces(sought: Sought): Traces {
  if ('mobileNumber' in sought) return numberTraces(normalNumber(sought.mobileNumber));
  if ('userId' in sought) return idTraces(sought.userId, (event) => namesUser(event, sought.userId));
  return idTraces(sought.messageId, ({ messageId }) => messageId === sought.messageId);
}

function numberTraces(whole: string): Traces {
  const mask = createNumberMask([whole], 0);
  const occurIn = (text: string): boolean => mask.text(text) !== text;
  return {
    isTheirs: (event) =>
      isSame(whole, event.mobileNumber) ||
      isSame(whole, memberOf(event.message, 'from')) ||
      [event.messageId, event.transactionId, event.id].some((id) => id !== null && occurIn(id)),
    occurIn,
    hiddenIn: mask.text,
  };
}

/** The same number, or its national form. */
function isSame(whole: string, written: string | null): boolean {
  if (written === null) return false;
  const normal = normalNumber(written);
  if (normal === whole) return true;
  const national = normal.startsWith('0') ? normal.replace(/^0+/, '') : '';
  return national.length >= fewestDigits && isNumber(national) && whole.endsWith(national);
}

function namesUser(event: Event, userId: string): boolean {
  return (
    event.userId === userId ||
    memberOf(event.message, 'from') === userId ||
    memberOf(event.message, 'from_user_id') === userId
  );
}

/** A text of a message's first level. */
function memberOf(message: string | null, name: string): string | null {
  const found = message === null || !message.includes(`"${name}"`) ? null : readKept(message)[name];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}

function idTraces(id: string, isTheirs: (event: Event) => boolean): Traces {
  const plain = id.length < shortestInText ? [] : [...new Set([id, encodeURIComponent(id), escaped(id)])];
  const encoded = id.length < shortestEncoded ? [] : encodings(id);
  const hiddenIn = (text: string): string => {
    let shown = text;
    for (const form of plain) shown = hideApart(shown, form);
    for (const form of encoded) shown = shown.replaceAll(form, bullets);
    return shown;
  };
  return { isTheirs, occurIn: (text) => hiddenIn(text) !== text, hiddenIn };
}

/** As it stands in JSON, where that escapes something of it. */
function escaped(id: string): string {
  return JSON.stringify(id).slice(1, -1).replaceAll('/', '\\/');
}

/** Hides it where it is no part of a longer word. */
function hideApart(text: string, form: string): string {
  let shown = '';
  let done = 0;
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    if (at < done || isWord(text[at - 1]) || isWord(text[at + form.length])) continue;
    shown += text.slice(done, at) + bullets;
    done = at + form.length;
  }
  return done === 0 ? text : shown + text.slice(done);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9]/.test(character);
}

/** What is certain of it in Base64, wherever it begins in what is encoded, and in hexadecimal. */
function encodings(id: string): readonly string[] {
  const bytes = Buffer.from(id);
  const base64 = [0, 1, 2].flatMap((before) => {
    const url = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)];
    const certain = url.slice(start, end);
    return [certain, certain.replaceAll('-', '+').replaceAll('_', '/')];
  });
  const hex = bytes.toString('hex');
  return [...new Set([...base64, hex, hex.toUpperCase()])];
}

/** The event without the traces of somebody whom it is not about. */
export function hideTraces(event: Event, { hiddenIn }: Traces): Event {
  const { profileName, attributes, message } = event;
  return {
    ...event,
    profileName: profileName && hiddenIn(profileName),
    attributes: attributes && hideInJson(attributes, hiddenIn),
    message: message && hideInJson(message, hiddenIn),
  };
}

/** As it came, but for what is hidden: a number in which something is becomes a text. */
export function hideInJson(json: string, hiddenIn: Traces['hiddenIn']): string {
  return replaceTokens(json, ({ source, value }) => {
    if (typeof value === 'string') {
      const shown = hiddenIn(value);
      return shown === value ? null : JSON.stringify(shown);
    }
    const [written, plain] = [hiddenIn(source), hiddenIn(String(value))];
    if (written !== source) return JSON.stringify(written);
    return plain === String(value) ? null : JSON.stringify(plain);
  });
}

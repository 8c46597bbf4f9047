import { isNumber, normalNumber } from '../shared/normal-number.ts';
import type { Event } from './event.ts';
import { replaceTokens } from './json-tokens.ts';
import { readKept } from './kept-json.ts';
import { createNumberMask } from './mask-number.ts';
import { formsOf, recognisedDigits, writingsOf } from './number-writings.ts';

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
  if (!('mobileNumber' in sought)) {
    const isOdd = Object.values(sought).some((id: string) => id.includes('\0'));
    return isOdd ? 'must not contain U+0000, which no event has.' : null;
  }
  const whole = normalNumber(sought.mobileNumber);
  const { length } = whole;
  if (isNumber(whole) && !whole.startsWith('0') && length >= recognisedDigits && length <= mostDigits)
    return null;
  return `must be a whole number with its country code, ${recognisedDigits} to ${mostDigits} digits.`;
}

/**
 * Finds a person's name in every spelling that is known: a number as `mask-number.ts` recognises it, by its last eight
 * digits, but for numbers of others that end alike, in all of its writings; an id as it is, and in what addresses, JSON, Base64 and hexadecimal make of it.
 */
export function createTraces(sought: Sought): Traces {
  if ('mobileNumber' in sought) return numberTraces(normalNumber(sought.mobileNumber));
  if ('userId' in sought) return idTraces(sought.userId, (event) => namesUser(event, sought.userId));
  return idTraces(sought.messageId, ({ messageId }) => messageId === sought.messageId);
}

function numberTraces(whole: string): Traces {
  const mask = createNumberMask(writingsOf(whole), { shownDigits: 0, sparesOthers: true });
  const occurIn = (text: string): boolean => mask.text(text) !== text;
  const forms = formsOf(whole);
  const isSame = (written: string | null): boolean => written !== null && forms.has(normalNumber(written));
  return {
    isTheirs: (event) =>
      isSame(event.mobileNumber) || isSame(memberOf(event.message, 'from')) || namesIn(event).some(occurIn),
    occurIn,
    hiddenIn: mask.text,
  };
}

/** What an event is known by, and who it is about where that is no number: one that holds a person's name is about them. */
function namesIn({ messageId, transactionId, id, userId, mobileNumber }: Event): readonly string[] {
  const number = mobileNumber !== null && isNumber(normalNumber(mobileNumber)) ? null : mobileNumber;
  return [messageId, transactionId, id, userId, number].filter((name) => name !== null);
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
  const occurIn = (text: string): boolean => hiddenIn(text) !== text;
  return {
    isTheirs: (event) => isTheirs(event) || namesIn(event).some(occurIn),
    occurIn,
    hiddenIn,
  };
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

/**
 * The event without the traces of somebody in what it says: all but its ids, its times, whom it is about and the account's
 * own number.
 */
export function hideTraces(event: Event, { hiddenIn }: Traces): Event {
  const { status, errorCode, profileName, attributes, message } = event;
  return {
    ...event,
    status: status && hiddenIn(status),
    errorCode: errorCode && hiddenIn(errorCode),
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

/** Whether somebody is named in what an event says, as {@link hideTraces} would hide it. */
export function isNamedIn(event: Event, traces: Traces): boolean {
  const hidden = hideTraces(event, traces);
  return (Object.keys(hidden) as (keyof Event)[]).some((field) => hidden[field] !== event[field]);
}

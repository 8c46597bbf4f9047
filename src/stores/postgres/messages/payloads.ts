/**
 * Words as payloads of NOTIFY, which are texts below 8,000 bytes, and words again.
 *
 * ```text
 * 1 4f0c…e1 17 words [["arrived",{…}],["asked",{…}]]     several words
 * 1 4f0c…e1 18 begins ["answered",{"rows":[…              a word that is larger: its text in pieces, one behind another
 * 1 4f0c…e1 19 goes-on …
 * 1 4f0c…e1 20 ends …]}]
 * 1 4f0c…e1 21 missed                                     words were dropped that nobody will hear
 * ```
 *
 * First stands the version of this form, of which others are not read; then who says it, and a number that rises with each payload
 * of his, so that no two are the same (PostgreSQL would leave one out) and what is said again after a lost answer is heard once.
 * All is ASCII, what else there is escaped as JSON allows: a character is a byte, a text may be cut anywhere, and it does not
 * matter in which encoding the database is.
 */
import { toAll } from './channels.ts';

/** Something to be said on a channel, as text. */
export interface Word {
  readonly channel: string;
  readonly text: string;
}

/** What is said of it at once. */
export interface Payload {
  readonly channel: string;
  readonly text: string;
}

/** What a payload held for whoever reads it. */
export interface Heard {
  readonly from: string;
  readonly words: readonly (readonly [kind: string, body: unknown])[];
  /** Its sender has dropped words. */
  readonly missed: boolean;
}

const version = '1';
/** The limit is 7,999 in a server as it is usually built; numbers may have a few digits more behind the first payload. */
const mostBytes = 7_900;
/** Of those that were heard last: who is back after so many others came has nothing that is older than what he says then. */
const mostSenders = 256;

/** @throws {TypeError} where the body is nothing that JSON has */
export function toWord(channel: string, kind: string, body: unknown): Word {
  const text = JSON.stringify([kind, body]).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { channel, text };
}

/**
 * Words as payloads that are to be said in this order, all at once.
 *
 * @param number of the first payload; the next ones have those after it
 * @param missed words before these were dropped
 */
export function toPayloads(
  words: readonly Word[],
  sender: string,
  number: number,
  missed = false,
): readonly Payload[] {
  const payloads: Payload[] = [];
  const head = (form: string): string => `${version} ${sender} ${number + payloads.length} ${form} `;
  const room = mostBytes - head('goes-on').length;
  /** Words for one payload. */
  let together: string[] = [];
  let bytes = 0;
  let channel: string = toAll;

  function finish(): void {
    if (together.length > 0) payloads.push({ channel, text: `${head('words')}[${together.join()}]` });
    [together, bytes] = [[], 0];
  }

  if (missed) payloads.push({ channel: toAll, text: head('missed') });
  for (const word of words) {
    if (word.channel !== channel || bytes + word.text.length > room) finish();
    channel = word.channel;
    if (word.text.length <= room) {
      together.push(word.text);
      bytes += word.text.length + 1;
    } else {
      for (let from = 0; from < word.text.length; from += room) {
        const form = from === 0 ? 'begins' : from + room < word.text.length ? 'goes-on' : 'ends';
        payloads.push({ channel, text: head(form) + word.text.slice(from, from + room) });
      }
    }
  }
  finish();
  return payloads;
}

/** Reads what others say, each sender's in the order of his numbers. */
export interface PayloadReader {
  /** `null`: it is one's own, was heard before, or is only a part; `foreign`: it is nothing that is said here. */
  read(payload: string): Heard | 'foreign' | null;
  /** Something may have been missed: no part that was heard is gone on with. */
  interrupted(): void;
}

export function createPayloadReader(own: string): PayloadReader {
  const senders = new Map<string, { readonly last: number; readonly parts: string[] | null }>();

  function note(from: string, last: number, parts: string[] | null): void {
    senders.delete(from);
    senders.set(from, { last, parts });
    if (senders.size > mostSenders) senders.delete(senders.keys().next().value as string);
  }

  return {
    read(payload) {
      const [, from, digits, form, content] = said.exec(payload) ?? [];
      if (from === undefined || form === undefined || content === undefined) return 'foreign';
      if (from === own) return null;
      const number = Number(digits);
      const before = senders.get(from);
      if (before && number <= before.last) return null;
      const isNext = before?.last === number - 1;
      const parts = form === 'begins' ? [] : isNext ? before.parts : null;
      if (form === 'begins' || form === 'goes-on') {
        parts?.push(content);
        note(from, number, parts);
        return null;
      }
      note(from, number, null);
      if (form === 'missed') return { from, words: [], missed: true };
      // Its beginning was said before anybody listened here.
      if (form === 'ends' && !parts) return null;
      const words = wordsIn(form === 'ends' ? `[${(parts ?? []).join('')}${content}]` : content);
      return words ? { from, words, missed: false } : 'foreign';
    },
    interrupted() {
      for (const [from, { last }] of senders) senders.set(from, { last, parts: null });
    },
  };
}

const said = /^1 ([\w-]+) (\d{1,15}) (words|begins|goes-on|ends|missed) (.*)$/s;

function wordsIn(text: string): Heard['words'] | null {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every(isWord) ? words : null;
  } catch {
    return null;
  }
}

function isWord(word: unknown): word is [string, unknown] {
  return Array.isArray(word) && word.length === 2 && typeof word[0] === 'string';
}

import { setImmediate } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { Event } from '../../core/event.ts';
import { jsonText } from '../../core/json-text.ts';
import { replaceTokens } from '../../core/json-tokens.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { createNumberMask, digitsOf, maskToLastDigits, type NumberMask } from '../../core/mask-number.ts';
import { isNumber, normalNumber } from '../../shared/normal-number.ts';
import type { App } from '../app-types.ts';
import { eventView } from '../shapes/event.ts';

/** Fields that hold phone numbers: ours, and those of WhatsApp's messages. */
const numberFields = new Set([
  'mobileNumber',
  'from',
  'to',
  'wa_id',
  'recipient_id',
  'phone',
  'phone_number',
  'msisdn',
  'mobile',
  'phoneNumber',
  'mobile_number',
  'recipient',
  'destination',
]);
/** The account's own numbers stay. */
const ownFields = new Set(['productUniqueId', 'display_phone_number', 'phone_number_id']);
/** Of a field that holds a number, in characters. */
const longestField = 64;
/**
 * What an endpoint answers; to a batch it may name the numbers of other deliveries, which nothing here tells. And what
 * somebody filled into a form of WhatsApp, under names that its author chose.
 */
const foreignFields = new Set(['responseBody', 'response_json']);
/** Ten to fifteen digits that stand alone, as a number with its country has, and no date. */
const anyNumber = /(?<![\w•])\+?(?!\d{4}-\d\d-\d\d)\d(?:[ ().-]{0,2}\d){9,14}(?![\w•])/g;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Numbers {
  readonly theirs: Set<string>;
  /** Digits of the account's own. */
  readonly own: Set<string>;
}

/** Below so many levels an answer is masked and shown as JSON text: what was stored once may be deeper than any stack. */
const shownLevels = 100;

/** JSON that stands in a string is looked into: so deep, and so many characters over an answer. */
const mostInside = 4;
const mostParsed = 2 * 1024 * 1024;
/** JSON, or JSON written once more as a string of it. */
const looksLikeJson = /^\s{0,100}["[{]/;

interface Part {
  /** Of the field that it is in, or the list of that field. */
  readonly name: string | null;
  readonly value: object;
  /** How many strings of JSON it is in. */
  readonly inside: number;
}

/** Phone numbers that are in an answer in fields of their own, however deep, also in JSON within a string. */
function numbersIn(answer: object): Numbers {
  const found: Numbers = { theirs: new Set(), own: new Set() };
  const parts: Part[] = [{ name: null, value: answer, inside: 0 }];
  let parsed = 0;

  function look(name: string | null, part: unknown, inside: number): void {
    const text = typeof part === 'number' ? String(part) : part;
    if (typeof text === 'object' && text !== null) parts.push({ name, value: text, inside });
    if (typeof text !== 'string') return;
    if (name === 'productUniqueId') found.own.add(digitsOf(text));
    else if (name === 'mobileNumber' || (name !== null && numberFields.has(name) && isPhoneNumber(text))) {
      found.theirs.add(text);
      for (const [within] of text.matchAll(anyNumber)) found.theirs.add(within);
    } else if (inside < mostInside && parsed + text.length <= mostParsed && looksLikeJson.test(text)) {
      parsed += text.length;
      look(null, parse(text), inside + 1);
    }
  }

  /** Every text in it, those of a name that comes again behind too. */
  function lookInto({ text }: KeptJson, inside: number): void {
    replaceTokens(text, ({ source, value, isName, name }) => {
      if (!isName) look(name, value, inside);
      if (typeof value === 'number') look(name, source, inside);
      return null;
    });
  }

  for (let next = parts.pop(); next; next = parts.pop()) {
    const { name, value, inside } = next;
    if (value instanceof KeptJson) lookInto(value, inside);
    else if (Array.isArray(value)) for (const item of value) look(name, item, inside);
    else for (const [field, part] of Object.entries(value)) look(field, part, inside);
  }
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function masked({ theirs, own }: Numbers): NumberMask {
  return remembering(createNumberMask([...theirs].filter((number) => !own.has(digitsOf(number)))));
}

const mostRemembered = 1_000;
const longestRemembered = 64;

/** The same field names and states come in every row: masked anew each time they were most of what a page cost. */
function remembering(mask: NumberMask): NumberMask {
  const known = new Map<string, string>();
  return {
    text(text) {
      if (text.length > longestRemembered) return mask.text(text);
      let shown = known.get(text);
      if (shown === undefined) {
        shown = mask.text(text);
        if (known.size < mostRemembered) known.set(text, shown);
      }
      return shown;
    },
  };
}

/** A number in any spelling, or what names one: `whatsapp:+919812345678`, `919812345678@s.whatsapp.net`. */
function isPhoneNumber(text: string): boolean {
  if (text.length > longestField || instant.test(text)) return false;
  return isNumber(normalNumber(text)) || text.search(anyNumber) >= 0;
}

function maskIn(value: unknown, mask: NumberMask, levels = shownLevels): unknown {
  if (typeof value === 'string') return instant.test(value) ? value : mask.text(value);
  if (typeof value === 'number') return maskNumber(value, String(value), mask) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof KeptJson) return maskKept(value, mask);
  if (levels === 0) return mask.text(jsonText(value));
  if (Array.isArray(value)) return value.map((item) => maskIn(item, mask, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      mask.text(name),
      typeof part === 'string' ? maskField(name, part, mask) : maskIn(part, mask, levels - 1),
    ]),
  );
}

/** `null`: nothing in it is hidden. @param source the number as it is written */
function maskNumber(value: number, source: string, mask: NumberMask): string | null {
  // A smaller one is a count or a duration.
  if (Math.abs(value) < 1e7) return null;
  const shown = mask.text(source);
  if (shown.includes('•')) return shown;
  const plain = mask.text(String(value));
  return plain.includes('•') ? plain : null;
}

/** As it came, but for what is hidden. */
function maskKept({ text }: KeptJson, mask: NumberMask): KeptJson {
  return new KeptJson(
    replaceTokens(text, ({ source, value, isName, name }) => {
      if (typeof value === 'number') {
        const shown = maskNumber(value, source, mask);
        return shown === null ? null : JSON.stringify(shown);
      }
      const shown = isName
        ? mask.text(value)
        : name === null
          ? maskIn(value, mask)
          : maskField(name, value, mask);
      return shown === value ? null : JSON.stringify(shown);
    }),
  );
}

function maskField(name: string, text: string, mask: NumberMask): unknown {
  if (ownFields.has(name)) return text;
  const masked = maskIn(text, mask);
  if (!foreignFields.has(name) || typeof masked !== 'string') return masked;
  return masked.replaceAll(anyNumber, maskToLastDigits);
}

/**
 * An answer as viewers get it: every phone number that it, or the `event` that it is about, has in a field of its own is
 * masked wherever it occurs in the answer, in texts and bodies too; in what an endpoint answered, whatever looks like one.
 */
export function maskForViewer<T>(answer: T, event: Event | null = null): T {
  return maskIn(answer, masked(numbersIn([answer, event && eventView(event)]))) as T;
}

/** So long a list is masked before other calls get between, ms: 500 deliveries with WhatsApp's ids take 130. */
const maskedTogetherMs = 10;

/** {@link maskForViewer} of a page of a list, with rests. */
export async function maskPage<P extends { readonly data: readonly unknown[] }>(page: P): Promise<P> {
  const mask = masked(numbersIn(page));
  const { data, ...rest } = page;
  const shown: unknown[] = [];
  let began = performance.now();
  for (const item of data) {
    shown.push(maskIn(item, mask, shownLevels - 2));
    if (performance.now() - began < maskedTogetherMs) continue;
    await setImmediate();
    began = performance.now();
  }
  return { data: shown, ...(maskIn(rest, mask) as object) } as unknown as P;
}

function isPage(payload: unknown): payload is { readonly data: readonly unknown[] } {
  return typeof payload === 'object' && payload !== null && 'data' in payload && Array.isArray(payload.data);
}

/**
 * Masks every answer to callers who may not see phone numbers. An answer about a delivery or an event need not hold its
 * number in a field: it is looked up where the path names one.
 */
export function maskNumbersForViewers(app: App): void {
  async function eventOf(request: FastifyRequest): Promise<Event | null> {
    const { idOf } = request.routeOptions.config;
    const { reach } = request;
    const { id = '' } = request.params as { readonly id?: string };
    if (idOf === 'delivery') return (await reach.deliveries.get(id))?.delivery.event ?? null;
    if (idOf === 'event') return (await reach.events.get(id))?.stored.event ?? null;
    return null;
  }

  async function maskAnswer(request: FastifyRequest, payload: unknown): Promise<unknown> {
    const event = await eventOf(request);
    return event === null && isPage(payload) ? await maskPage(payload) : maskForViewer(payload, event);
  }

  app.addHook('preSerialization', (request, _reply, payload, done) => {
    const { caller } = request;
    if (!caller?.masksNumbers) return done(null, payload);
    maskAnswer(request, payload).then(
      (shown) => done(null, shown),
      (error: Error) => done(error),
    );
  });
}

import { closest, distance } from 'fastest-levenshtein';
import { type InputError, mostErrors } from '../../core/errors.ts';
import type { EventDraft, JsonObject, JsonText } from '../../core/event.ts';
import { jsonText } from '../../core/json-text.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { messagingProductIds, productIds, products } from '../../core/products/index.ts';
import type { Product, ProductId, ReportType } from '../../core/products/product.ts';
import { shown } from '../../core/shown.ts';
import { normalNumber } from '../../shared/normal-number.ts';
import type { IncomingEvent } from '../../stores/ports/delivery-log.ts';
import { type EventField, type EventFieldName, eventFields } from './event-fields.ts';
import { instantProblem, parseInstant } from './instant.ts';
import { Unread } from './unread.ts';

export type ParseOutcome = { readonly parsed: IncomingEvent } | { readonly errors: readonly InputError[] };

/** Who calls, and what the parser must know of the world. */
export interface ParseContext {
  /** The caller's account; `null` for an operator, who names it in the event. */
  readonly accountId: string | null;
  hasAccount(accountId: string): boolean;
  /** How many wrong fields to name at most: the reader stops there, also at 0. */
  readonly mostErrors?: number;
}

type Value = string | number | KeptJson;

const fieldNames = Object.keys(eventFields) as EventFieldName[];

/** Reads one event of `POST /v1/events`. Every wrong field is named, not only the first, 50 at most. */
export function parseEvent(input: unknown, context: ParseContext): ParseOutcome {
  const most = context.mostErrors ?? mostErrors;
  if (!isObject(input))
    return { errors: [{ path: '', message: 'An event is a JSON object.' }].slice(0, most) };
  const errors: InputError[] = [];
  const values = new Map<EventFieldName, Value>();
  for (const name in input) {
    const problem = readField(name, input[name], values);
    if (problem === null) continue;
    if (errors.length >= most) return { errors };
    errors.push({ path: shown(name), message: problem() });
  }
  let isWrong = errors.length > 0;
  const complain = (path: EventFieldName, message: string): void => {
    isWrong = true;
    if (errors.length < most && !errors.some((error) => error.path === path)) errors.push({ path, message });
  };
  const accountId = checkAccount(values, context, complain);
  const product = checkProduct(values, complain);
  if (!values.has('messageId'))
    complain('messageId', 'is required: the id of the message that this report is about.');
  if (product) checkParts(product, values, complain);
  if (isWrong) return { errors };
  return {
    parsed: {
      event: assemble(values, accountId),
      ownId: (values.get('id') as string | undefined) ?? null,
    },
  };
}

/** What is wrong with a field, in words that are only found when asked for; `null` where nothing is. */
function readField(name: string, value: unknown, values: Map<EventFieldName, Value>): (() => string) | null {
  if (value instanceof Unread) return () => value.problem;
  if (!isFieldName(name)) return () => unknownField(name);
  if (value === null || value === undefined) return null;
  const read = readValue(eventFields[name], value);
  if ('problem' in read) return () => read.problem;
  values.set(name, read.value);
  return null;
}

function isFieldName(name: string): name is EventFieldName {
  return Object.hasOwn(eventFields, name);
}

type Complain = (path: EventFieldName, message: string) => void;
type Values = ReadonlyMap<EventFieldName, Value>;

function checkAccount(values: Values, context: ParseContext, complain: Complain): string {
  const named = values.get('accountId') as string | undefined;
  if (context.accountId !== null) {
    if (named !== undefined && named !== context.accountId)
      complain('accountId', 'This key belongs to another account; leave accountId out.');
    return context.accountId;
  }
  if (named === undefined) complain('accountId', 'is required with an operator key: whose event is it?');
  else if (!context.hasAccount(named))
    complain('accountId', `There is no account ${JSON.stringify(shown(named))}.`);
  return named ?? '';
}

const choices = messagingProductIds.map((known) => `"${known}"`).join(' or ');

/** How a message begins that goes on with the values to choose from. */
function demand(given: unknown): string {
  return given === undefined ? 'is required:' : 'must be';
}

function checkProduct(values: Values, complain: Complain): Product | null {
  const id = values.get('product');
  if (!productIds.includes(id as ProductId)) {
    complain('product', `${demand(id)} ${choices}.`);
    return null;
  }
  const product = products[id as ProductId];
  if (product.kind === 'operations') {
    complain('product', `"${product.id}" is sent by the gateway itself; hand in ${choices}.`);
    return null;
  }
  const reportType = values.get('reportType');
  if (!product.reportTypes.includes(reportType as ReportType)) {
    complain(
      'reportType',
      `${demand(reportType)} ${product.reportTypes.map((known) => `"${known}"`).join(' or ')} for ${product.label}.`,
    );
    return null;
  }
  return product;
}

function checkParts(product: Product, values: Values, complain: Complain): void {
  if (values.has('productUniqueId') && !product.identity)
    complain('productUniqueId', `${product.label} has no productUniqueId.`);
  if (values.get('reportType') === 'dlr') {
    if (!values.has('status')) complain('status', 'A DLR needs its status, for example "delivered".');
    if (values.has('message')) complain('message', 'A DLR has no message; only an MO has.');
    return;
  }
  if (!values.has('message'))
    complain('message', 'An MO needs its message, for example { "type": "text", "text": { "body": "hi" } }.');
  else if (typeof ((values.get('message') as KeptJson).value as JsonObject).type !== 'string')
    complain('message', 'needs a type, for example "text".');
  if (!values.has('mobileNumber') && !values.has('userId'))
    complain('mobileNumber', 'An MO needs mobileNumber or userId: who sent it?');
  if (values.has('status')) complain('status', 'An MO has no status; only a DLR has.');
}

function readValue({ type }: EventField, value: unknown): { value: Value } | { problem: string } {
  switch (type.kind) {
    case 'text':
      if (typeof value === 'number')
        return { problem: 'Write it as text, in quotes: numbers lose leading zeros and long ids.' };
      if (typeof value !== 'string') return { problem: 'It must be text.' };
      if (value === '') return { problem: 'It must not be empty; leave it out or write null.' };
      if (value.length > type.maxLength)
        return { problem: `It has ${value.length} characters; at most ${type.maxLength} are allowed.` };
      // The store could not give them back as they came, or tell one id from another.
      if (value.includes('\0') || !value.isWellFormed())
        return { problem: 'It must not contain U+0000 or half of a character (a lone surrogate).' };
      return { value };
    case 'time': {
      const instant = typeof value === 'string' ? parseInstant(value) : null;
      if (instant === null) return { problem: `It ${instantProblem(value)}` };
      return { value: instant };
    }
    case 'part':
      if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 255)
        return { problem: 'It must be a whole number from 1 to 255.' };
      return { value: value as number };
    case 'object': {
      if (!isObject(value)) return { problem: 'It must be a JSON object.' };
      const kept = value instanceof KeptJson ? value : new KeptJson(jsonText(value), value as JsonObject);
      const bytes = 3 * kept.text.length > type.maxBytes ? Buffer.byteLength(kept.text) : 0;
      if (bytes > type.maxBytes)
        return { problem: `It has ${bytes} bytes as JSON; at most ${type.maxBytes} are allowed.` };
      return { value: kept };
    }
  }
}

function assemble(values: Values, accountId: string): EventDraft {
  const text = (name: EventFieldName): string | null => (values.get(name) as string | undefined) ?? null;
  const number = (name: EventFieldName): number | null => (values.get(name) as number | undefined) ?? null;
  const phone = (name: EventFieldName): string | null => {
    const given = text(name);
    return given === null ? null : normalNumber(given);
  };
  const object = (name: EventFieldName): JsonText | null =>
    (values.get(name) as KeptJson | undefined)?.text ?? null;
  return {
    accountId,
    product: text('product') as ProductId,
    reportType: text('reportType') as ReportType,
    productUniqueId: phone('productUniqueId'),
    transactionId: text('transactionId'),
    messageId: text('messageId') ?? '',
    part: number('part'),
    status: text('status'),
    errorCode: text('errorCode'),
    mobileNumber: phone('mobileNumber'),
    userId: text('userId'),
    profileName: text('profileName'),
    receivedTime: number('receivedTime'),
    sentTime: number('sentTime'),
    deliveredTime: number('deliveredTime'),
    readTime: number('readTime'),
    attributes: object('attributes'),
    message: object('message'),
  };
}

function unknownField(name: string): string {
  const written = shown(name);
  const near = closest(written, fieldNames);
  const isNear = distance(written.toLowerCase(), near.toLowerCase()) <= Math.floor(near.length / 3);
  const hint = isNear ? ` Did you mean "${near}"?` : ' Put what else you know under "attributes".';
  return `An event has no field ${JSON.stringify(written)}.${hint}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

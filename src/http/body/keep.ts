import type { Json } from '../../core/event.ts';
import { KeptJson } from '../../core/kept-json.ts';
import { memberTexts } from '../../shared/json-members.ts';
import { Unread } from '../../sources/http-api/unread.ts';
import type { KeptField, KeptPlace } from './event-cuts.ts';

const fields: readonly KeptField[] = ['attributes', 'message'];

/** Puts each such field of the events that were read back as it came. @param body in UTF-8 */
export function keepInEvents(read: unknown, body: Buffer, places: readonly KeptPlace[]): void {
  const events: readonly unknown[] = Array.isArray(read) ? read : [read];
  for (const { place, name, from, to } of places) {
    // As JSON.parse does, the last of several of one name.
    keep(events[place], name, () => body.toString('utf8', from, to).trim());
  }
}

/** The same for the event that a trial's body has under the name `event`. */
export function keepInTrial(read: unknown, text: string): void {
  const event: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, 'event') : null;
  const eventText = isObject(event) ? memberTexts(text).get('event') : undefined;
  if (eventText === undefined) return;
  const texts = memberTexts(eventText);
  for (const name of fields) keep(event, name, () => texts.get(name) ?? 'null');
}

function keep(event: unknown, name: KeptField, text: () => string): void {
  if (!isObject(event) || !Object.hasOwn(event, name)) return;
  const value = event[name];
  // The value is from the last one of the name already.
  if (value instanceof Unread) return;
  if (value instanceof KeptJson) event[name] = new KeptJson(text(), value.value);
  else if (isObject(value)) event[name] = new KeptJson(text(), value as Json);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

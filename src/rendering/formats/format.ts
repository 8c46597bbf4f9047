import type { Event, JsonText } from '../../core/event.ts';

/** What a field can hold: text, an epoch time, a value that is not known, an object as it came. */
export type FieldValue = string | number | null | { readonly json: JsonText };

/**
 * How one method writes names and values. An event becomes an *object* (one form, one JSON object, one element), and
 * the object a *document* (what is signed and sent), so that several objects can share a document.
 * No text makes any of these throw, lone surrogates included.
 */
export interface Format {
  /** `null`: the method has no body. */
  readonly contentType: string | null;
  /** A name as {@link Format.field} wants it; done once per webhook. */
  name(name: string): string;
  /** One name with its value, ready to be followed by the next. */
  field(encodedName: string, value: FieldValue): string;
  /** One event from its fields. */
  object(fields: string): string;
  /** The body (GET: the query) that carries one object. */
  document(object: string): string;
  /** The body that carries a list of objects; `null`: the method has no lists. */
  readonly list: ((objects: readonly string[]) => string) | null;
}

/** Writes one event as an object of its webhook's format. */
export type ObjectWriter = (event: Event) => string;

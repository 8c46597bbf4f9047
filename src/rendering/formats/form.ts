import type { FieldValue, Format } from './format.ts';

const plain = /^[\w*.-]*$/;
const unlike = /%20|[!'()~]/g;
const escapes: Record<string, string> = {
  '%20': '+',
  '!': '%21',
  "'": '%27',
  '(': '%28',
  ')': '%29',
  '~': '%7E',
};

/** Encodes text byte for byte as `URLSearchParams` does, which is four times slower. */
export function encodeFormText(text: string): string {
  if (plain.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(unlike, (found) => escapes[found] ?? found);
}

function formText(value: FieldValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** `name=value&name=value`; a value that is not known is `name=`. */
export const formFormat: Format = {
  contentType: 'application/x-www-form-urlencoded',
  name: (name) => `&${encodeFormText(name)}=`,
  field: (encodedName, value) => encodedName + encodeFormText(formText(value)),
  object: (fields) => fields.slice(1),
  document: (object) => object,
};

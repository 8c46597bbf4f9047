import type { FieldValue, Format } from './format.ts';

/** What each ASCII character is written as; empty for those that stand for themselves. */
const escapes = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[\w*.-]/.test(character)) return '';
  return character === ' ' ? '+' : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
});

/**
 * Encodes text byte for byte as `URLSearchParams` does, lone surrogates as U+FFFD. A time or an id takes a third of
 * what it takes there; text beyond ASCII is left to it.
 */
export function encodeFormText(text: string): string {
  let encoded = '';
  let written = 0;
  for (let i = 0; i < text.length; i++) {
    const replacement = escapes[text.charCodeAt(i)];
    if (replacement === undefined) return new URLSearchParams([['', text]]).toString().slice(1);
    if (replacement !== '') {
      encoded += text.slice(written, i) + replacement;
      written = i + 1;
    }
  }
  return written === 0 ? text : encoded + text.slice(written);
}

function formText(value: FieldValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : value.json;
}

/** `name=value&name=value`; a value that is not known is `name=`. Tomcat reads Latin-1 unless it is told the charset. */
export const formFormat: Format = {
  contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  name: (name) => `&${encodeFormText(name)}=`,
  field: (encodedName, value) => encodedName + encodeFormText(formText(value)),
  object: (fields) => fields.slice(1),
  document: (object) => object,
  list: null,
};

import type { ReportType } from '../../core/products/product.ts';
import type { FieldValue, Format } from './format.ts';

// U+0000–U+001F without tab and line feed; `\p{Cs}` with the `u` flag is a surrogate without its partner.
const special = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[&<>]/gu;

function escapeCharacter(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '\r':
      return '&#13;';
    default:
      return '\ufffd';
  }
}

/**
 * Escapes text for the content of an element. Characters that XML 1.0 cannot carry in any form (control characters,
 * U+FFFE, U+FFFF, lone surrogates) become U+FFFD; CR is written as a reference because parsers turn a bare one into LF.
 */
export function escapeXmlText(text: string): string {
  return text.replace(special, escapeCharacter);
}

/** XML has no U+FFFE and U+FFFF; within JSON they are always in a text, where they can be written as escapes. */
const noCharacter = /[\ufffe\uffff]/g;

function xmlText(value: NonNullable<FieldValue>): string {
  if (typeof value !== 'object') return String(value);
  return value.json.replace(noCharacter, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function element(name: string, value: FieldValue): string {
  if (value === null || value === '') return `<${name}/>`;
  return `<${name}>${escapeXmlText(xmlText(value))}</${name}>`;
}

type XmlReportType = Exclude<ReportType, 'operations'>;

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

function createXmlFormat(root: XmlReportType): Format {
  return {
    contentType: 'application/xml',
    name: (name) => name,
    field: element,
    object: (fields) => `<${root}>${fields}</${root}>`,
    document: (object) => declaration + object,
    list: (objects) => `${declaration}<${root}s>${objects.join('')}</${root}s>`,
  };
}

/**
 * One element per name under `<dlr>` or `<mo>`; a value that is not known is `<name/>`, and so is an empty one. A list
 * has these elements under `<dlrs>` or `<mos>`.
 */
export const xmlFormats: { readonly [T in XmlReportType]: Format } = {
  dlr: createXmlFormat('dlr'),
  mo: createXmlFormat('mo'),
};

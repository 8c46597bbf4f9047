import type { FieldValue, Format } from './format.ts';

function jsonValue(value: FieldValue): string {
  return typeof value === 'object' && value !== null ? value.json : JSON.stringify(value);
}

/**
 * A flat JSON object, several as an array of them; a value that is not known is `null`. The text is put together by hand because a JavaScript
 * object would move names like `1` to the front and lose `__proto__`.
 */
export const jsonFormat: Format = {
  contentType: 'application/json',
  name: (name) => `,${JSON.stringify(name)}:`,
  field: (encodedName, value) => encodedName + jsonValue(value),
  object: (fields) => `{${fields.slice(1)}}`,
  document: (object) => object,
  list: (objects) => `[${objects.join(',')}]`,
};

import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { isXmlName } from '../../shared/xml-name.ts';
import { anyText } from '../../testing/rendering.ts';
import { escapeXmlText, xmlFormats } from './xml.ts';

const parser = new XMLParser({
  preserveOrder: true,
  trimValues: false,
  parseTagValue: false,
  processEntities: true,
  htmlEntities: true,
});

/** Names and texts of the document's root, in order. */
function read(document: string, root: string): [string, string][] {
  expect(XMLValidator.validate(document)).toBe(true);
  const top = parser.parse(document).find((node: object) => root in node);
  return top[root].map((node: Record<string, { '#text': string }[]>) => {
    const [name = ''] = Object.keys(node);
    return [name, (node[name] ?? []).map((child) => child['#text']).join('')];
  });
}

/** What a parser may give back: XML 1.0 has no way to carry the rest. */
function carried(text: string): string {
  return Array.from(text.toWellFormed(), (character) => {
    const code = character.codePointAt(0) ?? 0;
    const forbidden = (code < 0x20 && ![9, 10, 13].includes(code)) || code === 0xfffe || code === 0xffff;
    return forbidden ? '\ufffd' : character;
  }).join('');
}

const names = fc
  .oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]*$/), fc.constantFrom('xmlName', 'Ünï', 'संदेश'))
  .filter((name) => isXmlName(name) && !(name in {}));

describe('XML', () => {
  it('has one element per name under the root', () => {
    const { name, field, object, document } = xmlFormats.dlr;
    const fields =
      field(name('txn_id'), '1') + field(name('read'), null) + field(name('at'), 5) + field(name('e'), '');
    expect(document(object(fields))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><dlr><txn_id>1</txn_id><read/><at>5</at><e/></dlr>',
    );
    expect(xmlFormats.mo.object(fields)).toMatch(/^<mo>.*<\/mo>$/);
  });

  it.each([
    ['a & b < c > d', 'a &amp; b &lt; c &gt; d'],
    [']]>', ']]&gt;'],
    ['line\r\n\tnext', 'line&#13;\n\tnext'],
    ['"quoted" \'too\'', '"quoted" \'too\''],
    ['\0\u0008\u000b\u001f\ufffe\uffff', '\ufffd'.repeat(6)],
    ['a\ud83db\ude42c', 'a\ufffdb\ufffdc'],
    ['🙂 नमस्ते \u007f\u0085\u2028', '🙂 नमस्ते \u007f\u0085\u2028'],
  ])('writes %j as %j', (text, escaped) => {
    expect(escapeXmlText(text)).toBe(escaped);
  });

  it('writes an object as its JSON text, with what XML has no character for as an escape of JSON', () => {
    expect(xmlFormats.mo.field('message', { json: '{"text": {"body":"<3\ufffe\\u00e9"}}\r' })).toBe(
      '<message>{"text": {"body":"&lt;3\\ufffe\\u00e9"}}&#13;</message>',
    );
  });

  it('is well-formed and carries any text there and back, but for what XML forbids', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(names, anyText), { minLength: 1 }), (pairs) => {
        const { name, field, object, document } = xmlFormats.mo;
        const text = document(object(pairs.map((pair) => field(name(pair[0]), pair[1])).join('')));
        expect(read(text, 'mo')).toEqual(pairs.map((pair) => [pair[0], carried(pair[1])]));
      }),
      { numRuns: 300 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptJson } from '../../core/kept-json.ts';
import { objectOfJson } from '../../testing/json-texts.ts';
import { keepInEvents, keepInTrial } from './keep.ts';
import { eventsBody } from './limits.ts';
import { scanJson } from './scan.ts';

function kept(text: string): unknown {
  const body = Buffer.from(text);
  const scanned = scanJson(body, eventsBody);
  if ('excess' in scanned) throw new Error(scanned.excess);
  const read: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
  keepInEvents(read, body, scanned.kept);
  return read;
}

function textsOf(event: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event as object).map(([name, part]) => [
      name,
      part instanceof KeptJson ? part.text : part,
    ]),
  );
}

const event = fc
  .record({
    attributes: objectOfJson,
    message: objectOfJson,
    first: fc.boolean(),
    blank: fc.constantFrom('', ' ', '\n'),
  })
  .map(({ attributes, message, first, blank }) => {
    const members = [`"attributes"${blank}:${blank}${attributes}${blank}`, `"message":${message}`];
    if (first) members.reverse();
    return { attributes, message, text: `{"messageId":"m","é":"🙂",${blank}${members.join(`,${blank}`)}}` };
  });

describe('what came in attributes and message', () => {
  it('is kept as it came, of one event and of many', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', '\ufeff'),
        (events, mark) => {
          const list = kept(`${mark}[ ${events.map(({ text }) => text).join(' , ')} ]`) as unknown[];
          const one = kept(`${mark}${events[0]?.text}`);
          for (const [read, given] of [
            ...list.map((each, i) => [each, events[i]] as const),
            [one, events[0]] as const,
          ]) {
            const { attributes, message } = textsOf(read);
            expect([attributes, message]).toEqual([given?.attributes, given?.message]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is found however its name is written; the last one, and only in the event itself', () => {
    const text =
      '{"x":{"message":{"a":1.0}},"message":{"a":2.0},"\\u006dessage":{"a":3.0},"mes sage":{"a":4.0}}';
    expect(textsOf(kept(text))).toMatchObject({ x: { message: { a: 1 } }, message: '{"a":3.0}' });
  });

  it('is left where it is no object', () => {
    expect(
      kept(
        '[{"message":[1.0]},{"message":"{}"},{"attributes":null},{"message":{},"message":1},7,[{"message":{}}]]',
      ),
    ).toEqual([
      { message: [1] },
      { message: '{}' },
      { attributes: null },
      { message: 1 },
      7,
      [{ message: {} }],
    ]);
  });

  it("is kept in a trial's event too", () => {
    fc.assert(
      fc.property(event, objectOfJson, ({ text, attributes, message }, other) => {
        const body = `{"url":"x","message":${other},"event" : ${text} }`;
        const read = JSON.parse(body) as { event: unknown; message: unknown };
        keepInTrial(read, body);
        expect(textsOf(read.event)).toMatchObject({ attributes, message });
        expect(read.message).toEqual(JSON.parse(other));
      }),
    );
    for (const body of ['{}', '[]', '{"event":1}', '{"event":{"message":null}}', 'null'])
      expect(() => keepInTrial(JSON.parse(body), body)).not.toThrow();
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QueuedDelivery } from '../core/delivery.ts';
import { encodeEvent } from '../core/event-text.ts';
import { compileWebhook } from '../rendering/compile.ts';
import { bareEvent, renderedConfig } from '../testing/rendering.ts';
import { fillList } from './list-size.ts';
import { testDelivery } from './testing/deliveries.ts';

const batch = { maxItems: 100, maxWaitMs: 0, maxBytes: 60_000 };
const formats = [
  { method: 'XML' },
  { method: 'JSON', settings: { batch, moFormat: 'flat' } },
  { method: 'JSON', settings: { batch, moFormat: 'whatsapp' } },
] as const;

/** A message whose caption is all one thing, which each format writes in another way. */
function captioned(text: string): QueuedDelivery {
  const message = `{"type":"image","image":{"id":"1","caption":${JSON.stringify(text)}}}`;
  const event = bareEvent({ product: 'whatsapp', reportType: 'mo', mobileNumber: '919812345678', message });
  return { ...testDelivery(1), event, size: encodeEvent(event).length };
}

it('a list of messages has no more bytes than it may, whatever is in them', () => {
  const text = fc
    .tuple(
      fc.constantFrom('&', '"', 'x', 'अ', '🙂', '<', '\\', '\u0001', '\u00e9'),
      fc.integer({ min: 1, max: 3_000 }),
    )
    .map(([unit, count]) => unit.repeat(count));
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 2, maxLength: 12 }),
      fc.constantFrom(...formats),
      (texts, format) => {
        const config = renderedConfig({
          ...{ product: 'whatsapp', reportType: 'mo', method: format.method },
          settings: { batch, ...('settings' in format && format.settings) },
        });
        const compiled = compileWebhook(config);
        const fits = fillList(compiled, batch.maxBytes);
        const deliveries = texts.map(captioned);
        const past = deliveries.findIndex((delivery) => !fits(delivery));
        const taken = past < 0 ? deliveries : deliveries.slice(0, past);
        const body = compiled.list?.(taken.map(({ event }) => compiled.writeObject(event))) ?? '';
        if (taken.length > 1) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(batch.maxBytes);
      },
    ),
    { numRuns: 300 },
  );
});

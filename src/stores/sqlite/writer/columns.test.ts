import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AttemptRow, FanOutPart, NewEventRow } from '../../log/row-types.ts';
import { packAttempts, packEvents, unpackAttempts, unpackEvents } from './columns.ts';

const text = fc.string({ unit: 'grapheme' });
const optional = fc.option(text);
const ids = fc.array(fc.stringMatching(/^wh_[a-z0-9]+$/), { maxLength: 3 });
const count = fc.nat();
const part: fc.Arbitrary<FanOutPart> = fc.record({
  from: count,
  of: count,
  rest: ids,
  orderedRest: ids,
  acceptedAt: fc.option(fc.maxSafeNat()),
});
const optionalPart: fc.Arbitrary<FanOutPart | null> = fc.option(part);
const event: fc.Arbitrary<NewEventRow> = fc.record({
  seq: count,
  ownId: optional,
  account: text,
  identity: text,
  messageId: text,
  transactionId: optional,
  mobileNumber: optional,
  body: text,
  webhookIds: ids,
  orderedWebhookIds: ids,
  part: optionalPart,
});
const attempt: fc.Arbitrary<AttemptRow> = fc.record({
  delivery: fc.maxSafeNat(),
  number: count,
  webhookVersion: count,
  manual: fc.nat(1),
  startedAt: fc.maxSafeNat(),
  durationMs: count,
  statusCode: fc.option(count),
  errorClass: fc.option(count),
  errorDetail: optional,
  responseBody: optional,
  state: count,
  due: fc.maxSafeNat(),
  reason: optional,
  ordered: fc.boolean(),
  counts: fc.boolean(),
  listMost: fc.option(count),
});

it('rows come out of the columns as they went in', () => {
  fc.assert(
    fc.property(fc.array(event), fc.array(attempt), (events, attempts) => {
      expect(unpackEvents(packEvents(events))).toEqual(events);
      expect(unpackAttempts(packAttempts(attempts))).toEqual(attempts);
    }),
  );
});

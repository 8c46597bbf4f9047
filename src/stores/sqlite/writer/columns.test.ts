import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packAttempts, packEvents, unpackAttempts, unpackEvents } from './columns.ts';
import type { AttemptRow, EventRow, FanOutPart } from './row-types.ts';

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
const event: fc.Arbitrary<EventRow> = fc.tuple(
  count,
  optional,
  text,
  text,
  text,
  optional,
  optional,
  text,
  ids,
  ids,
  optionalPart,
);
const attempt: fc.Arbitrary<AttemptRow> = fc.tuple(
  fc.maxSafeNat(),
  ...([count, count, fc.nat(1), fc.maxSafeNat(), count] as const),
  ...([fc.option(count), fc.option(count), optional, optional] as const),
  ...([count, fc.maxSafeNat(), optional, fc.boolean()] as const),
  ...([fc.boolean(), fc.option(count)] as const),
);

it('rows come out of the columns as they went in', () => {
  fc.assert(
    fc.property(fc.array(event), fc.array(attempt), (events, attempts) => {
      expect(unpackEvents(packEvents(events))).toEqual(events);
      expect(unpackAttempts(packAttempts(attempts))).toEqual(attempts);
    }),
  );
});

import { expect, it } from 'vitest';
import { encodeEvent } from '../core/event-text.ts';
import { bareEvent } from '../testing/rendering.ts';
import { decodeEvent } from './event-body.ts';

it("gets the gateway's id from its row where the caller gave none", () => {
  const row = { seq: 7, id: null, account: 'acc_1', body: encodeEvent(bareEvent()) };
  expect(decodeEvent(row)).toEqual(bareEvent({ id: 'evt_00000000007' }));
});

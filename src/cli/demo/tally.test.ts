import { describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../receiver/receiver.ts';
import { createRecordedIo } from '../testing/recorded-io.ts';
import { createTally } from './tally.ts';

const request: ReceivedRequest = {
  method: 'POST',
  path: '/sms/json',
  rawHeaders: [],
  headers: {},
  body: Buffer.from('{}'),
  arrivedAt: 0,
  socketId: 1,
  answer: 200,
};

describe('a tally', () => {
  it('says that nothing was accepted, or that nothing arrived, over all its prints', () => {
    const tally = createTally(createRecordedIo());
    tally.accepted(0);
    expect(tally.missing()).toContain('no event was accepted');
    tally.accepted(3);
    tally.print();
    expect(tally.missing()).toContain('no request reached the endpoint');
    tally.received(request);
    tally.print();
    expect(tally.missing()).toBeNull();
  });
});

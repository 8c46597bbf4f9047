import { expect, it } from 'vitest';
import { type ReadinessSigns, readinessOf } from './readiness.ts';

const well: ReadinessSigns = { stage: 'atWork', problem: null, isCutOff: false, part: null };

it.each([
  ['takingUp', null, true, /being taken up/],
  ['atWork', null, true, /accepted and delivered/],
  ['takingUp', 'disk full', false, /cannot write: disk full/],
  ['atWork', 'disk full', false, /cannot write: disk full/],
  ['stopping', null, false, /is stopping/],
  ['stopping', 'disk full', false, /is stopping/],
  ['dead', null, false, /must be started again/],
  ['dead', 'disk full', false, /must be started again/],
] as const)('%s with the store’s problem %s is ready: %s', (stage, problem, ready, detail) => {
  expect(readinessOf({ ...well, stage, problem })).toEqual({ ready, detail: expect.stringMatching(detail) });
});

it('one of several tells what part of the work it has', () => {
  const { detail } = readinessOf({ ...well, part: { gateways: 3, shards: 86 } });
  expect(detail).toBe(
    'Events are accepted and delivered. 3 gateways share the work; this one has 86 of 256 parts of it.',
  );
});

it.each(['takingUp', 'atWork'] as const)(
  '%s and cut off from the database it is not ready, and tells nothing of its part',
  (stage) => {
    expect(readinessOf({ ...well, stage, isCutOff: true, part: { gateways: 3, shards: 86 } })).toEqual({
      ready: false,
      detail: 'The database does not answer; nothing is sent until it does.',
    });
  },
);

it('says what a commit failed with rather than that the database does not answer', () => {
  const { detail } = readinessOf({ ...well, problem: 'connection refused', isCutOff: true });
  expect(detail).toBe('The store cannot write: connection refused.');
});

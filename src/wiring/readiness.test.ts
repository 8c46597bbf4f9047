import { expect, it } from 'vitest';
import { readinessOf } from './readiness.ts';

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
  expect(readinessOf(stage, problem)).toEqual({ ready, detail: expect.stringMatching(detail) });
});

it('one of several tells what part of the work it has', () => {
  const { detail } = readinessOf('atWork', null, { gateways: 3, shards: 86 });
  expect(detail).toBe(
    'Events are accepted and delivered. 3 gateways share the work; this one has 86 of 256 parts of it.',
  );
});

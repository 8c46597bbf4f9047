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

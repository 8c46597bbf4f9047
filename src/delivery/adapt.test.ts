import { describe, expect, it } from 'vitest';
import { type ErrorClass, errorClasses } from '../core/delivery.ts';
import { openStage } from './testing/stage.ts';

/** How many requests a lane has under way after three of its eight first ones ended so. */
async function afterThree(
  end: (request: ReturnType<ReturnType<typeof openStage>['underWay']>[number]) => void,
) {
  const stage = openStage();
  stage.webhook('shop', { maxConcurrency: 50 });
  await stage.accept('shop', 100);
  const first = stage.underWay('shop');
  expect(first).toHaveLength(8);
  for (const request of first.slice(0, 3)) end(request);
  await stage.settle();
  return stage.underWay('shop').length;
}

const strains: readonly ErrorClass[] = [
  'refused',
  'reset',
  'timeout_connect',
  'timeout_headers',
  'timeout_body',
];

describe('what an endpoint that answers is given', () => {
  it.each(errorClasses.map((errorClass) => [errorClass, strains.includes(errorClass)] as const))(
    'of class %s is less at once: %s',
    async (errorClass, isStrain) => {
      const underWay = await afterThree((request) => request.fail(errorClass));
      if (isStrain) expect(underWay).toBe(5);
      else expect(underWay).toBeGreaterThanOrEqual(8);
    },
  );

  it('is one more for each answer that came while all of its places were taken', async () => {
    expect(await afterThree((request) => request.answer(200))).toBeGreaterThan(8);
  });
});

import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { restorableForMs } from '../core/restorable.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { wipeDeletedSecrets } from './wipe-deleted-secrets.ts';

it('secrets of deleted webhooks are wiped when these can no longer be restored, also after a failure', async () => {
  const clock = createManualClock();
  const began = clock.now();
  const wiped: number[] = [];
  const warnings: string[] = [];
  const directory = {
    async wipeDeletedSecrets(before: number) {
      wiped.push(before - began);
      if (wiped.length === 1) throw new Error('busy');
    },
  };
  const log = { warn: (_: object, message: string) => void warnings.push(message) };
  const end = wipeDeletedSecrets({ directory, clock, log });
  await setImmediate();
  clock.advance(restorableForMs);
  await setImmediate();
  expect(wiped).toEqual([-restorableForMs, 0]);
  expect(warnings).toHaveLength(1);
  await end();
  clock.advance(restorableForMs);
  expect([wiped.length, clock.waiting]).toEqual([2, 0]);
});

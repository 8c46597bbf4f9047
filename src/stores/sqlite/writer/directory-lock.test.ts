import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProblem } from '../../../cli/start-gateway.ts';
import { loadConfig } from '../../../config/config.ts';
import { systemClock } from '../../../core/clock.ts';
import { createCipher } from '../../secrets/cipher.ts';
import { openJoinedStore } from '../testing/joined-store.ts';
import { createPlaces } from '../testing/places.ts';
import { lockDirectory } from './directory-lock.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('the lock on a data directory', () => {
  const dataDir = places.dataDir('locked');
  beforeAll(() => mkdirSync(dataDir));

  it('keeps a second one out until it is released', () => {
    const lock = lockDirectory(dataDir);
    expect(() => lockDirectory(dataDir)).toThrow(
      expect.objectContaining({
        code: 'data_directory_locked',
        message: expect.stringContaining(dataDir),
      }),
    );
    lock.release();
    lockDirectory(dataDir).release();
  });

  it('says what is wrong where it is not a lock', () => {
    expect(() => lockDirectory(places.dataDir('nowhere'))).toThrow(/unable to open/);
  });

  it.runIf(process.platform === 'linux')(
    'keeps a second store out although the file of the lock was deleted, until the first is closed',
    async () => {
      const first = await places.open('unlocked', systemClock);
      rmSync(join(places.dataDir('unlocked'), 'hookwire.lock'));
      const second = places.open('unlocked', systemClock);
      await expect(second).rejects.toMatchObject({ code: 'data_directory_locked' });
      expect(await first.log.waiting()).toEqual([]);
      await first.close();
      await (await places.open('unlocked', systemClock)).close();
    },
  );

  it('refuses a second store, which is no death of a store and leaves the first alone', async () => {
    const first = await places.open('locked', systemClock);
    const deaths: Error[] = [];
    const second = openJoinedStore({
      dataDir,
      cipher: createCipher('0'.repeat(64)),
      clock: systemClock,
      onDeath: (error) => deaths.push(error),
    });
    const error = await second.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'data_directory_locked' });
    expect(startProblem(error, loadConfig({}))).toMatchObject({
      reason: 'inUse',
      message: expect.stringContaining(`Another Hookwire is running on ${dataDir}`),
    });
    expect(await first.log.waiting()).toEqual([]);
    await first.close();
    expect(deaths).toEqual([]);
  });
});

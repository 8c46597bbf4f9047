import { mkdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { newEvent } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';
import type { WriterRequest } from './protocol.ts';
import { startWriterThread } from './writer-thread.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('a writer thread that ends by itself', () => {
  it('is a death that is told once, and every question fails instead of waiting for ever', async () => {
    const dataDir = places.dataDir('dead');
    mkdirSync(dataDir);
    const deaths: Error[] = [];
    const thread = await startWriterThread(dataDir, (error) => deaths.push(error));
    const ask = (kind: 'waiting' | 'close'): Promise<unknown> =>
      new Promise((resolve, reject) => {
        thread.ask({ kind } as Extract<WriterRequest, { kind: typeof kind }>, (answer, failure) =>
          failure ? reject(failure) : resolve(answer),
        );
      });
    const ended = ask('close');
    const unanswered = ask('waiting');
    await ended;
    await expect(unanswered).rejects.toMatchObject({ name: 'StoreError' });
    expect(thread.ended).toBe(true);
    await expect(ask('waiting')).rejects.toMatchObject({ name: 'StoreError' });
    await thread.close();
    expect(deaths).toHaveLength(1);
  });
});

describe('a closed store', () => {
  it('refuses what it is asked', async () => {
    const store = await places.open('closed', systemClock);
    await store.close();
    await expect(store.log.append([newEvent(['wh_1'])])).rejects.toThrow('The store is closed.');
    await expect(store.log.waiting()).rejects.toThrow('The store is closed.');
    expect(store.log.queued).toBe(0);
  });
});

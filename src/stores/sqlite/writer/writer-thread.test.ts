import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { newEvent } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';
import type { WriterRequest } from './protocol.ts';
import { connectWriterThread, startWriterThread, type WriterThread } from './writer-thread.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('a writer thread that ends by itself', () => {
  it('is a death that is told once, and every question fails instead of waiting for ever', async () => {
    const dataDir = places.dataDir('dead');
    mkdirSync(dataDir);
    const deaths: Error[] = [];
    const thread = await startWriterThread(dataDir, (error) => deaths.push(error));
    const ask = (kind: 'probe' | 'close'): Promise<unknown> =>
      new Promise((resolve, reject) => {
        thread.ask({ kind } as Extract<WriterRequest, { kind: typeof kind }>, (answer, failure) =>
          failure ? reject(failure) : resolve(answer),
        );
      });
    const ended = ask('close');
    const unanswered = ask('probe');
    await ended;
    await expect(unanswered).rejects.toMatchObject({ name: 'StoreError' });
    expect(thread.ended).toBe(true);
    await expect(ask('probe')).rejects.toMatchObject({ name: 'StoreError' });
    await thread.close();
    expect(deaths).toHaveLength(1);
  });
});

describe('a message between the writer and the main thread', () => {
  const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  const load = (thread: WriterThread, webhookId: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      // Any question with something of any kind in it.
      const request = { kind: 'bringBack', now: 0, after: null, webhookId } as WriterRequest & {
        kind: 'bringBack';
      };
      thread.ask(request, (answer, failure) => (failure ? reject(failure) : resolve(answer)));
    });

  it('that the main thread cannot read or write fails its request alone', async () => {
    const deaths: Error[] = [];
    const answering = `
      const { parentPort } = require('node:worker_threads');
      parentPort.postMessage({ ready: true, lastSequence: 0 });
      parentPort.on('message', ({ webhookId }) => {
        const answer = webhookId === 'deep' ? JSON.parse('['.repeat(8000) + ']'.repeat(8000)) : webhookId;
        parentPort.postMessage({ answer });
      });`;
    const worker = new Worker(answering, { eval: true, resourceLimits: { stackSizeMb: 16 } });
    const thread = await connectWriterThread(worker, (error) => deaths.push(error));
    const asked = ['before', 'deep', () => {}, 'after'].map((webhookId) => load(thread, webhookId));
    const results = await Promise.allSettled(asked);
    expect(results).toMatchObject([
      { value: 'before' },
      { reason: { code: 'message_unreadable' } },
      { reason: { name: 'StoreError', message: expect.stringMatching(/cannot be asked/) } },
      { value: 'after' },
    ]);
    expect(await load(thread, 'more')).toBe('more');
    expect(deaths).toEqual([]);
    await worker.terminate();
  });

  it('that the writer cannot read fails its request alone', async () => {
    const deaths: Error[] = [];
    const dataDir = places.dataDir('unreadable');
    mkdirSync(dataDir);
    const worker = new Worker(new URL('./writer-worker.ts', import.meta.url), {
      workerData: { dataDir, turns: null, couriers: [] },
      resourceLimits: { stackSizeMb: 0.5 },
    });
    const thread = await connectWriterThread(worker, (error) => deaths.push(error));
    const results = await Promise.allSettled(['wh_1', deep(3_000), 'wh_2'].map((id) => load(thread, id)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(deaths).toEqual([]);
    await thread.close();
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

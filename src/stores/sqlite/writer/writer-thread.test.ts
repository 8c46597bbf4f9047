import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { newEvent } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';
import type { RetryPlace } from './protocol.ts';
import { connectWriterThread, startWriterThread, type WriterThread } from './writer-thread.ts';

const places = createPlaces();
afterAll(() => places.remove());

describe('a writer thread that ends by itself', () => {
  it('is a death that is told once, and every question fails instead of waiting for ever', async () => {
    const dataDir = places.dataDir('dead');
    mkdirSync(dataDir);
    const deaths: Error[] = [];
    const thread = await startWriterThread(dataDir, { onFailure: (error) => deaths.push(error) });
    // Nobody closed it that would say so.
    const ended = thread.ask('close');
    const unanswered = thread.ask('probe');
    await ended;
    await expect(unanswered).rejects.toMatchObject({ code: 'thread_ended' });
    await expect(thread.ask('probe')).rejects.toMatchObject({ code: 'thread_ended' });
    await thread.close();
    expect(deaths).toHaveLength(1);
  });
});

describe('a message between the writer and the main thread', () => {
  const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  // Any question with something of any kind in it.
  const ask = (thread: WriterThread, what: unknown): Promise<unknown> =>
    thread.ask('bringBack', 0, what as RetryPlace);

  it('that the main thread cannot read or write fails its request alone', async () => {
    const deaths: Error[] = [];
    const answering = `
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ id, call, args: [, what] }) => {
        const value = what === 'deep' ? JSON.parse('['.repeat(8000) + ']'.repeat(8000)) : what;
        parentPort.postMessage({ id, value: call === 'open' ? { lastSequence: 0, latestAt: 0 } : value });
      });`;
    const worker = new Worker(answering, { eval: true, resourceLimits: { stackSizeMb: 16 } });
    const thread = await connectWriterThread(worker, { onFailure: (error) => deaths.push(error) });
    const asked = ['before', 'deep', () => {}, 'after'].map((what) => ask(thread, what));
    const results = await Promise.allSettled(asked);
    expect(results).toMatchObject([
      { value: 'before' },
      { reason: { code: 'message_unreadable' } },
      { reason: { code: 'message_unreadable', message: expect.stringMatching(/cannot be sent/) } },
      { value: 'after' },
    ]);
    expect(await ask(thread, 'more')).toBe('more');
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
    const thread = await connectWriterThread(worker, { onFailure: (error) => deaths.push(error) });
    const what = [{ webhook: 'wh_1' }, deep(3_000), { webhook: 'wh_2' }];
    const results = await Promise.allSettled(what.map((each) => ask(thread, each)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(deaths).toEqual([]);
    await thread.close();
  });
});

describe('a closed store', () => {
  it('refuses what it is asked', async () => {
    const store = await places.open('closed', systemClock);
    await store.close();
    await expect(store.log.append([newEvent(['wh_1'])])).rejects.toThrow('The writer is closed.');
    await expect(store.log.waiting()).rejects.toThrow('The store is closed.');
    expect(store.log.queued).toBe(0);
  });
});

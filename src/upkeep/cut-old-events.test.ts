import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CutPiece, CutRequest, Keeps } from '../stores/ports/retention.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { cutOldEvents, type OldEventsCutter } from './cut-old-events.ts';

const done = { doneUpTo: null, behindMs: 0, left: 0 };
const nothing: CutPiece = {
  ...{ cut: 0, dropped: 0, overdue: [], tookMs: 1, isBusy: false, isDone: true },
  progress: { payload: done, log: done },
};
const keepsOf = (payloadMs: number): Keeps => ({ ofAll: { payloadMs, logMs: null }, own: new Map() });

describe('cutting what is older than it is kept', () => {
  let clock: ManualClock;
  let pieces: (CutPiece | Error)[];
  let asked: CutRequest[];
  let kept: Keeps[];
  let expired: string[];
  let said: string[];
  let keeps: Keeps;
  let cutter: OldEventsCutter;
  beforeEach(() => {
    clock = createManualClock();
    [pieces, asked, kept, expired, said] = [[], [], [], [], []];
    keeps = keepsOf(1);
    cutter = cutOldEvents({
      retention: {
        async keep(now) {
          kept.push(now);
        },
        async cut(request) {
          asked.push(request);
          const piece = pieces.shift() ?? nothing;
          if (piece instanceof Error) throw piece;
          return piece;
        },
      },
      keeps: () => keeps,
      async expire(webhookId, deliveryIds) {
        expired.push(`${webhookId} ${deliveryIds.join()}`);
        if (webhookId === 'wh_broken') throw new Error('no courier');
      },
      clock,
      trusted: clock,
      log: {
        info: (_details, message) => void said.push(message),
        warn: (_details, message) => void said.push(message),
      },
    });
  });

  const settle = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await setImmediate();
  };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };

  it('goes on at once while nobody writes, and rests where nothing is left', async () => {
    pieces = [
      { ...nothing, cut: 3, isDone: false },
      { ...nothing, cut: 2, dropped: 1 },
    ];
    cutter.start();
    await settle();
    await pass(5);
    expect(asked).toHaveLength(2);
    expect(cutter.status()).toMatchObject({ cut: 5, dropped: 1 });
    await pass(9_999);
    expect(asked).toHaveLength(2);
    await pass(1);
    expect(asked).toHaveLength(3);
    await cutter.close();
  });

  it('leaves the writer to others for most of the time while they write', async () => {
    pieces = Array.from({ length: 40 }, () => ({ ...nothing, isBusy: true, isDone: false, tookMs: 3.5 }));
    cutter.start();
    await settle();
    for (let i = 0; i < 1_000; i++) await pass(10);
    expect(asked.length * 3.5).toBeLessThan(110);
    expect(asked.length).toBeGreaterThan(20);
    expect(new Set(asked.map(({ mostMs }) => mostMs))).toEqual(new Set([2]));
    await cutter.close();
  });

  it('says how long things are kept when that is new, before the next piece', async () => {
    cutter.start();
    await settle();
    await pass(10_000);
    expect(kept).toEqual([keeps]);
    keeps = keepsOf(2);
    await pass(10_000);
    expect(kept).toEqual([keepsOf(1), keeps]);
    await cutter.close();
  });

  it('has deliveries ended that hold something up, and goes on where that fails', async () => {
    const overdue = [
      { webhookId: 'wh_broken', deliveryIds: ['dlv_1'] },
      { webhookId: 'wh_2', deliveryIds: ['dlv_2', 'dlv_3'] },
    ];
    pieces = [{ ...nothing, overdue }];
    cutter.start();
    await settle();
    expect(expired).toEqual(['wh_broken dlv_1', 'wh_2 dlv_2,dlv_3']);
    expect(said).toEqual([expect.stringContaining('could not be ended')]);
    await pass(10_000);
    expect(asked).toHaveLength(2);
    await cutter.close();
  });

  it('is behind by as long as the store has failed, and by what it says when it works again', async () => {
    const progress = { payload: { ...done, doneUpTo: clock.now(), behindMs: 1_000 }, log: done };
    pieces = [{ ...nothing, progress }, new Error('disk full'), new Error('disk full')];
    cutter.start();
    await settle();
    expect(cutter.status().payload.behindMs).toBe(1_000);
    await pass(10_000);
    expect(cutter.status()).toMatchObject({ payload: { behindMs: 11_000 }, log: { behindMs: 0 } });
    await pass(60_000);
    await pass(5_000);
    expect(cutter.status().payload.behindMs).toBe(76_000);
    await pass(55_000);
    expect(cutter.status().payload.behindMs).toBe(0);
    await cutter.close();
  });

  it('tries again where the store fails, and tells of a backlog each minute', async () => {
    const behind = { ...nothing, progress: { payload: { ...done, behindMs: 86_400_000 }, log: done } };
    pieces = [new Error('disk full'), behind, behind];
    cutter.start();
    await settle();
    expect(said).toEqual([expect.stringContaining('tried again')]);
    await pass(60_000);
    expect(said).toHaveLength(2);
    await pass(10_000);
    expect(said).toEqual([expect.anything(), 'What is older than it is kept is being cut.']);
    await cutter.close();
  });
});

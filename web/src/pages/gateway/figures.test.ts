import { describe, expect, it } from 'vitest';
import type { GatewayHealth } from '../../api/gateway.ts';
import { figuresOf } from './figures.ts';
import { bytesInWords, countInWords, durationInWords } from './quantities.ts';

const well: GatewayHealth = {
  version: '0.1.0',
  node: 'v26.10.0',
  startedAt: '2026-11-22T08:00:00.000Z',
  at: '2026-11-22T10:00:00.000Z',
  ready: true,
  detail: 'ready',
  webhooks: { enabled: 40, disabled: 2, failing: 1 },
  queuedEvents: 12,
  delivery: {
    inFlight: 30,
    mostInFlight: 2_000,
    lanes: 40,
    inMemory: 500,
    openBreakers: 1,
    disabledLanes: 0,
  },
  shortage: null,
  store: {
    waiting: 900,
    oldestPendingAt: '2026-11-22T09:59:57.000Z',
    bytes: { database: 1_500_000_000, wal: 4_000_000 },
  },
  sealing: { masterKeyId: '0123456789abcdef', otherKeyIds: [], left: 0 },
  retention: {
    payload: { doneUpTo: '2026-10-23T10:00:00.000Z', behindMs: 4_000, left: 0 },
    log: { doneUpTo: null, behindMs: 0, left: 0 },
    cut: 12_000,
    dropped: 0,
  },
  clock: null,
  egress: { proxy: null, authorities: null },
  processes: [],
  memory: { rss: 180_000_000, heapUsed: 90_000_000 },
  failing: [],
  waitingLongest: [],
};

const advised = (health: GatewayHealth) =>
  figuresOf(health).flatMap(({ label, advice }) => (advice === null ? [] : [label]));

describe("the figures of the gateway's health", () => {
  it('ask for nothing while all is well', () => {
    expect(advised(well)).toEqual([]);
  });

  it.each<[string, Partial<GatewayHealth>]>([
    ['Events before their commit', { queuedEvents: 10_000 }],
    ['Deliveries under way', { delivery: { ...well.delivery, inFlight: 2_000 } }],
    ['Deliveries under way', { delivery: { ...well.delivery, mostInFlight: 30 } }],
    [
      'Deliveries under way',
      { shortage: { of: 'files', since: '2026-11-22T09:59:57.000Z', lastAt: '2026-11-22T09:59:59.000Z' } },
    ],
    ['Endpoints that fail', { delivery: { ...well.delivery, openBreakers: 10 } }],
    [
      'Longest wait for a first attempt',
      { store: { ...well.store, oldestPendingAt: '2026-11-22T09:55:00.000Z' } },
    ],
    [
      'Secrets under a previous master key',
      { sealing: { ...well.sealing, otherKeyIds: ['fedcba9876543210'], left: 3 } },
    ],
    ['Database', { store: { ...well.store, bytes: { database: 1, wal: 200_000_000 } } }],
  ])('say what to do about: %s', (label, change) => {
    expect(advised({ ...well, ...change })).toEqual([label]);
  });

  it('tell of a backlog of what is older than it is kept, while there is one', () => {
    const label = 'Older than it is kept';
    const shown = (health: GatewayHealth) => figuresOf(health).find((figure) => figure.label === label);
    expect(shown(well)).toBeUndefined();
    const payload = { ...well.retention.payload, behindMs: 40 * 24 * 3_600_000 };
    expect(shown({ ...well, retention: { ...well.retention, payload } })).toMatchObject({
      value: 'By 40 days',
      meaning: expect.stringContaining('12,000 events lost their contents'),
    });
  });

  it('show a clock that is ahead, and until when nothing is deleted by it', () => {
    const shown = (health: GatewayHealth) => figuresOf(health).find(({ label }) => label === 'Clock ahead');
    expect(shown(well)).toBeUndefined();
    const day = 24 * 3_600_000;
    expect(shown({ ...well, clock: { aheadMs: 30 * day, believedInMs: 5 * 3_600_000 } })).toMatchObject({
      value: 'By 30 days',
      meaning: expect.stringContaining('for 5 hours more'),
      advice: expect.stringContaining('set it right'),
    });
  });

  it('say that more waits than was counted', () => {
    const waiting = { ...well, store: { ...well.store, waiting: 1_000_000 } };
    expect(figuresOf(waiting).find(({ label }) => label === 'Deliveries that wait')?.value).toBe(
      '1,000,000 or more',
    );
  });

  it('say that nothing waits', () => {
    const idle = { ...well, store: { ...well.store, oldestPendingAt: null } };
    expect(figuresOf(idle).map(({ value }) => value)).toContain('Nothing waits');
  });
});

describe('quantities in words', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_536_000, '1.5 MB'],
    [180_000_000, '180 MB'],
    [1_500_000_000, '1.5 GB'],
  ])('say of %d bytes: %s', (bytes, words) => {
    expect(bytesInWords(bytes)).toBe(words);
  });

  it.each([
    [0, '0 seconds'],
    [1_000, '1 second'],
    [119_000, '1 minute'],
    [3 * 3_600_000, '3 hours'],
    [2 * 86_400_000, '2 days'],
  ])('say of %d ms: %s', (ms, words) => {
    expect(durationInWords(ms)).toBe(words);
  });

  it('group digits', () => {
    expect(countInWords(12_345)).toBe('12,345');
  });
});

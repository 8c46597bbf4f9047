import { describe, expect, it } from 'vitest';
import type { Webhook } from '../core/webhook.ts';
import { createWebhookRegistry } from '../routing/registry.ts';
import { testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import type { Occurrence } from './operational-events.ts';
import { createWebhookHealth } from './webhook-health.ts';

const since = Date.UTC(2026, 10, 22, 9, 0, 0);

/** Health with a directory that holds one webhook and fails when the test says so; `told` is what happened, in order. */
function openDesk(saved: Webhook | null = testWebhook({ updatedAt: 77 })) {
  const clock = createManualClock();
  const registry = createWebhookRegistry();
  if (saved) registry.put({ webhook: saved, secrets: [{ secret: 'whsec_1', expiresAt: null }] });
  const told: string[] = [];
  const raised: Occurrence[] = [];
  const errors: object[] = [];
  const disabled: string[] = [];
  const state = {
    broken: false,
    stored: true,
    saved,
    untoldAt: null as number | null,
    raising: Promise.resolve(),
  };

  function write(what: string, change: Partial<Webhook>): Webhook | null {
    if (state.broken) throw new Error('the disk is full');
    told.push(what);
    state.saved = state.saved && { ...state.saved, ...change };
    return state.saved;
  }

  const health = createWebhookHealth({
    registry,
    clock,
    onDisabled: (webhookId, reason) => void disabled.push(`${webhookId} ${reason}`),
    log: { error: (details) => void errors.push(details) },
    operations: {
      async raise(occurrence) {
        raised.push(occurrence);
        told.push(`raised ${occurrence.type}`);
        await state.raising;
        return state.stored;
      },
    },
    directory: {
      getWebhook: async () => state.saved,
      setFailingSince: async (_id, failingSince) => void write(`since ${failingSince}`, { failingSince }),
      async disableWebhook({ version, updatedAt }, disabledReason, now) {
        const { saved } = state;
        if (saved?.status !== 'enabled' || saved.version !== version || saved.updatedAt !== updatedAt)
          return null;
        const disabled = write(`disabled ${disabledReason}`, {
          status: 'disabled',
          disabledReason,
          updatedAt: now,
        });
        state.untoldAt = now;
        return disabled;
      },
      async untoldDisablings() {
        if (state.broken) throw new Error('the disk is full');
        return state.saved && state.untoldAt !== null ? [{ webhook: state.saved, at: state.untoldAt }] : [];
      },
      async disablingTold(_id, at) {
        write(`told of ${at}`, {});
        if (state.untoldAt === at) state.untoldAt = null;
      },
    },
  });
  return { clock, registry, told, raised, errors, state, health };
}

describe('a change of health', () => {
  it('is told of and then written down, in the order of the changes', async () => {
    const desk = openDesk();
    desk.health.healthChanged('wh_1', { kind: 'failing', since });
    desk.health.healthChanged('wh_1', { kind: 'recovered', since });
    await desk.health.close();
    expect(desk.told).toEqual([
      'raised webhook.failing',
      `since ${since}`,
      'raised webhook.recovered',
      'since null',
    ]);
    expect(desk.raised).toMatchObject([
      { key: `wh_1_${since}`, at: desk.clock.now(), data: { since: '2026-11-22T09:00:00.000Z' } },
      { key: `wh_1_${since}`, data: { since: '2026-11-22T09:00:00.000Z' } },
    ]);
  });

  it('can be asked for by what the registry holds, which is older', async () => {
    const desk = openDesk();
    const held = testWebhook({ updatedAt: 77 });
    expect(desk.health.failingSince(held)).toBeNull();
    desk.health.healthChanged('wh_1', { kind: 'failing', since });
    await expect.poll(() => desk.health.failingSince(held)).toBe(since);
    // What its owner changed meanwhile begins anew.
    expect(desk.health.failingSince({ ...held, updatedAt: 78 })).toBeNull();
    desk.health.healthChanged('wh_1', { kind: 'recovered', since });
    await expect.poll(() => desk.health.failingSince({ ...held, failingSince: since })).toBeNull();
  });

  it('is written down later when the store fails', async () => {
    const desk = openDesk();
    desk.state.broken = true;
    desk.health.healthChanged('wh_1', { kind: 'failing', since });
    await expect.poll(() => desk.errors.length).toBe(1);
    await expect.poll(() => desk.clock.waiting).toBe(1);
    desk.state.broken = false;
    desk.clock.advance(1_000);
    await expect.poll(() => desk.state.saved?.failingSince).toBe(since);
    expect(desk.raised.length).toBe(1);
  });

  it('does not hold up the end of a gateway whose store fails', async () => {
    const desk = openDesk();
    desk.state.broken = true;
    desk.health.healthChanged('wh_1', { kind: 'failing', since });
    await expect.poll(() => desk.clock.waiting).toBe(1);
    await desk.health.close();
    expect(desk.clock.waiting).toBe(0);
  });

  it('is nothing for a webhook that was deleted, or that is about to be disabled', async () => {
    const deleted = openDesk(null);
    deleted.health.healthChanged('wh_1', { kind: 'failing', since });
    const dead = openDesk();
    dead.health.healthChanged('wh_1', { kind: 'dead', since });
    await Promise.all([deleted.health.close(), dead.health.close()]);
    expect([...deleted.told, ...dead.told]).toEqual([]);
  });
});

describe('what the owner did while a failure was being told of', () => {
  /** Has a failure told of, and a change made before that is done. */
  async function meanwhile(change: Partial<Webhook>) {
    const desk = openDesk();
    const raising = Promise.withResolvers<void>();
    desk.state.raising = raising.promise;
    desk.health.healthChanged('wh_1', { kind: 'failing', since });
    await expect.poll(() => desk.told.length).toBe(1);
    const disabled = desk.health.disable('wh_1', 'failing');
    desk.state.saved = testWebhook({ updatedAt: 77, ...change });
    desk.registry.put({ webhook: desk.state.saved, secrets: [] });
    raising.resolve();
    expect(await disabled).toBe(false);
    await desk.health.close();
    return desk;
  }

  it('stays: a new version is neither failing nor disabled', async () => {
    const desk = await meanwhile({ version: 2, updatedAt: 78 });
    expect(desk.told).toEqual(['raised webhook.failing']);
    expect(desk.state.saved).toMatchObject({ status: 'enabled', failingSince: null });
  });

  it('stays: one that was switched on again is neither failing nor disabled', async () => {
    const desk = await meanwhile({ updatedAt: 78 });
    expect(desk.told).toEqual(['raised webhook.failing']);
    expect(desk.registry.get('wh_1')?.webhook).toBe(desk.state.saved);
  });
});

describe('disabling', () => {
  it('is done and then told of, and routing hears of it', async () => {
    const desk = openDesk();
    desk.health.healthChanged('wh_1', { kind: 'failing', since });
    expect(await desk.health.disable('wh_1', 'failing')).toBe(true);
    expect(desk.told).toEqual([
      'raised webhook.failing',
      `since ${since}`,
      'disabled failing',
      'raised webhook.disabled',
      `told of ${desk.clock.now()}`,
    ]);
    expect(desk.raised[1]).toMatchObject({
      key: `wh_1_${desk.clock.now()}`,
      data: { reason: 'failing', since: '2026-11-22T09:00:00.000Z' },
    });
    expect(desk.registry.get('wh_1')).toMatchObject({
      webhook: { status: 'disabled', disabledReason: 'failing', failingSince: since },
      secrets: [{ secret: 'whsec_1' }],
    });
  });

  it('rejects when it cannot be saved, and is told of when it is', async () => {
    const desk = openDesk();
    desk.state.broken = true;
    await expect(desk.health.disable('wh_1', 'gone')).rejects.toThrow('the disk is full');
    expect(desk.errors.length).toBe(1);
    desk.state.broken = false;
    desk.clock.advance(1_000);
    expect(await desk.health.disable('wh_1', 'gone')).toBe(true);
    expect(desk.raised.map(({ key }) => key)).toEqual([`wh_1_${desk.clock.now()}`]);
    expect(desk.raised[0]?.data).toEqual({ reason: 'gone', since: null });
  });

  it('does not wait until it is told of', async () => {
    const desk = openDesk();
    desk.state.raising = new Promise(() => {});
    void desk.health.disable('wh_1', 'gone');
    await expect.poll(() => desk.registry.get('wh_1')?.webhook.status).toBe('disabled');
  });

  it('is nothing for a webhook that is disabled already, or was deleted', async () => {
    const disabled = openDesk(testWebhook({ status: 'disabled', disabledReason: 'by_user' }));
    const deleted = openDesk(null);
    expect(await disabled.health.disable('wh_1', 'gone')).toBe(false);
    expect(await deleted.health.disable('wh_1', 'gone')).toBe(false);
    expect([...disabled.told, ...deleted.told]).toEqual([]);
  });
});

describe('a webhook that was disabled and not told of', () => {
  /** One that the process died over; gives what it had raised. */
  async function killed(parts: Partial<Webhook> = {}) {
    const desk = openDesk(testWebhook({ updatedAt: 77, ...parts }));
    desk.state.stored = false;
    expect(await desk.health.disable('wh_1', 'gone')).toBe(true);
    return { desk, before: desk.raised.splice(0) };
  }

  it('is told of after a restart, as the same occurrence, and then no more', async () => {
    const { desk, before } = await killed({ failingSince: since });
    desk.clock.advance(3_600_000);
    desk.state.stored = true;
    for (let start = 0; start < 2; start++) {
      await desk.health.catchUp();
      await expect.poll(() => desk.state.untoldAt).toBeNull();
    }
    expect(desk.raised).toEqual(before);
    await desk.health.close();
  });

  it('is told of after the next restart when the events are lost again', async () => {
    const { desk, before } = await killed();
    await desk.health.catchUp();
    await desk.health.close();
    expect(desk.raised).toEqual(before);
    expect(desk.state.untoldAt).not.toBeNull();
  });

  it('holds up nothing when it cannot be read', async () => {
    const { desk } = await killed();
    desk.state.broken = true;
    await desk.health.catchUp();
    expect(desk.raised).toEqual([]);
    expect(desk.errors).toHaveLength(1);
  });
});

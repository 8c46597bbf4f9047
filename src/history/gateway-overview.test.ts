import { describe, expect, it } from 'vitest';
import type { Webhook } from '../core/webhook.ts';
import { createWebhookRegistry } from '../routing/registry.ts';
import type { WebhookQueue } from '../stores/ports/figures.ts';
import { testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createOverview } from './gateway-overview.ts';
import type { ProcessesLook } from './process-standing.ts';

function open(webhooks: readonly Partial<Webhook>[], queues: readonly WebhookQueue[] = []) {
  const clock = createManualClock();
  const registry = createWebhookRegistry();
  for (const parts of webhooks) registry.put({ webhook: testWebhook(parts), secrets: [] });
  const asked: (readonly string[])[] = [];
  const state = { fails: false, led: null as ProcessesLook['led'] };
  const overview = createOverview({
    clock,
    registry,
    failingSince: (webhook) => (webhook.id === 'wh_just_now' ? 950 : webhook.failingSince),
    dispatcher: () => ({
      inFlight: 0,
      mostInFlight: 9,
      lanes: 0,
      inMemory: 0,
      openBreakers: 0,
      disabledLanes: 0,
    }),
    queuedEvents: () => 0,
    shortage: () => null,
    egress: () => ({ proxy: null, authorities: null }),
    clockDoubt: () => null,
    processes: async () => ({ processes: [], led: state.led }),
    retention: () => ({
      payload: { doneUpTo: 0, behindMs: 5, left: 1 },
      log: { doneUpTo: null, behindMs: 0, left: 0 },
      cut: 7,
      dropped: 8,
    }),
    sealing: () => ({ masterKeyId: '0123456789abcdef', otherKeyIds: [], left: 0 }),
    store: {
      figures: async () => {
        if (state.fails) throw new Error('busy');
        return { waiting: 0, oldestPendingAt: null, bytes: {} };
      },
      queues: async ({ also }) => {
        asked.push(also);
        return queues;
      },
      waitingByAccount: async () => new Map(),
    },
  });
  return { clock, overview, asked, state };
}

const ids = (troubled: readonly { readonly webhook: Webhook }[]) => troubled.map(({ webhook }) => webhook.id);

describe('how the gateway is doing', () => {
  it('names the webhooks that fail or that it has disabled, the longest first, and not what its owner disabled', async () => {
    const { overview, asked } = open([
      { id: 'wh_well' },
      { id: 'wh_short', failingSince: 900 },
      { id: 'wh_long', failingSince: 100 },
      { id: 'wh_just_now' },
      { id: 'wh_gone', status: 'disabled', disabledReason: 'gone', updatedAt: 500 },
      { id: 'wh_off', status: 'disabled', disabledReason: 'by_user', failingSince: 1 },
    ]);
    const { failing, webhooks } = await overview();
    expect(ids(failing)).toEqual(['wh_long', 'wh_gone', 'wh_short', 'wh_just_now']);
    expect(asked).toEqual([['wh_long', 'wh_gone', 'wh_short', 'wh_just_now']]);
    expect(webhooks).toEqual({ enabled: 4, disabled: 2, failing: 4 });
  });

  it('names the enabled webhooks that wait longest, with how much waits', async () => {
    const { overview } = open(
      [
        { id: 'wh_1' },
        { id: 'wh_2', failingSince: 5 },
        { id: 'wh_3', status: 'disabled', disabledReason: 'failing' },
      ],
      [
        { webhookId: 'wh_1', waiting: 7, oldestPendingAt: 300 },
        { webhookId: 'wh_2', waiting: 8, oldestPendingAt: 200 },
        { webhookId: 'wh_3', waiting: 9, oldestPendingAt: 100 },
        { webhookId: 'wh_deleted', waiting: 1, oldestPendingAt: 50 },
      ],
    );
    const { waitingLongest, failing } = await overview();
    expect(waitingLongest).toMatchObject([
      { webhook: { id: 'wh_2' }, queue: { waiting: 8, oldestPendingAt: 200 } },
      { webhook: { id: 'wh_1' }, queue: { waiting: 7 } },
    ]);
    expect(failing.map(({ queue }) => queue.waiting)).toEqual([9, 8]);
  });

  it('is looked at once for all who ask within two seconds', async () => {
    const { overview, asked, clock } = open([]);
    expect(await overview()).toBe(await overview());
    clock.advance(1_999);
    await overview();
    expect(asked).toHaveLength(1);
    clock.advance(1);
    expect((await overview()).at).toBe(clock.now());
    expect(asked).toHaveLength(2);
  });

  it('is looked at again where the clock was set back', async () => {
    const { overview, asked, clock } = open([]);
    await overview();
    clock.set(-86_400_000);
    clock.advance(2_000);
    expect((await overview()).at).toBe(clock.now());
    expect(asked).toHaveLength(2);
  });

  it('tells of what runs in another process as far as that one has come', async () => {
    const { overview, state, clock } = open([]);
    expect(await overview()).toMatchObject({ retention: { cut: 7 }, sealing: { left: 0 } });
    const nothing = { doneUpTo: null, behindMs: 0, left: 0 };
    state.led = {
      retention: { payload: nothing, log: nothing, cut: 99, dropped: 0 },
      sealing: { masterKeyId: '0123456789abcdef', otherKeyIds: ['old'], left: 3 },
    };
    clock.advance(2_000);
    expect(await overview()).toMatchObject({ retention: { cut: 99 }, sealing: { left: 3 } });
  });

  it('is looked at again after a failure', async () => {
    const { overview, state } = open([]);
    state.fails = true;
    await expect(overview()).rejects.toThrow('busy');
    state.fails = false;
    expect(await overview()).toMatchObject({ queuedEvents: 0 });
  });
});

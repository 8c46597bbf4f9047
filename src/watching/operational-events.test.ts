import { describe, expect, it } from 'vitest';
import { HookwireError } from '../core/errors.ts';
import { createWebhookRegistry } from '../routing/registry.ts';
import type { IncomingEvent } from '../stores/ports/delivery-log.ts';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createOperationalEvents, type Occurrence } from './operational-events.ts';

const at = Date.UTC(2026, 10, 22, 10, 15, 30);

function occurrence(parts: Partial<Occurrence> = {}): Occurrence {
  return {
    type: 'webhook.failing',
    at,
    key: 'wh_1_5',
    webhook: testWebhook({ url: 'https://example.com/dlr?token=s3cret' }),
    data: { since: '2026-11-22T10:14:02.000Z' },
    ...parts,
  };
}

/** Operational events with an intake that the test may break, and the accounts that listen. */
function openDesk(listening: readonly string[], statuses: readonly string[] | null = null) {
  const clock = createManualClock();
  const registry = createWebhookRegistry();
  for (const accountId of listening) {
    const settings = { ...testSettings, statuses };
    const webhook = testWebhook({
      id: `wh_of_${accountId}`,
      accountId,
      product: 'hookwire',
      reportType: 'operations',
      settings,
    });
    registry.put({ webhook, secrets: [] });
  }
  const calls: (readonly IncomingEvent[])[] = [];
  const warnings: object[] = [];
  const state = { broken: false };
  const events = createOperationalEvents({
    registry,
    clock,
    log: { warn: (details) => void warnings.push(details) },
    intake: {
      async acceptOwn(taken) {
        calls.push(taken);
        if (state.broken) throw new HookwireError('overloaded', 'full');
        return [];
      },
    },
  });
  const accepted = () => calls.flat().map(({ event, ownId }) => [event.accountId, ownId]);
  return { clock, registry, calls, warnings, state, events, accepted };
}

describe('an operational event', () => {
  it('is handed in for the account and the operator, each if it listens', async () => {
    for (const [listening, getting] of [
      [[], []],
      [['acc_1'], ['acc_1']],
      [['operator'], ['operator']],
      [
        ['acc_1', 'acc_2', 'operator'],
        ['acc_1', 'operator'],
      ],
    ] as const) {
      const desk = openDesk(listening);
      expect(desk.events.wanted('acc_1', 'webhook.failing')).toBe(getting.length > 0);
      expect(await desk.events.raise(occurrence())).toBe(true);
      expect(desk.accepted()).toEqual(getting.map((account) => [account, 'op_webhook.failing_wh_1_5']));
      expect(desk.calls.length).toBe(getting.length > 0 ? 1 : 0);
    }
  });

  it('is handed in only if its type is wanted', async () => {
    const desk = openDesk(['acc_1'], ['delivery.failed']);
    expect(desk.events.wanted('acc_1', 'webhook.failing')).toBe(false);
    await desk.events.raise(occurrence());
    expect(desk.accepted()).toEqual([]);
  });

  it('tells of the webhook, without the query of its URL, and of what happened', async () => {
    const desk = openDesk(['acc_1']);
    await desk.events.raise(occurrence());
    expect(desk.calls[0]?.[0]?.event).toMatchObject({
      product: 'hookwire',
      reportType: 'operations',
      status: 'webhook.failing',
      messageId: 'wh_1',
      receivedTime: at,
      attributes: JSON.stringify({
        accountId: 'acc_1',
        webhookId: 'wh_1',
        url: 'https://example.com/dlr?…',
        product: 'sms',
        reportType: 'dlr',
        since: '2026-11-22T10:14:02.000Z',
      }),
    });
  });

  it('is not made about a webhook that gets such events', async () => {
    const desk = openDesk(['acc_1', 'operator']);
    await desk.events.raise(occurrence({ webhook: testWebhook({ product: 'hookwire' }) }));
    expect(desk.accepted()).toEqual([]);
  });

  it('goes once to an operator whose own webhook it is about', async () => {
    const desk = openDesk(['operator']);
    await desk.events.raise(occurrence({ webhook: testWebhook({ accountId: 'operator' }) }));
    expect(desk.accepted()).toEqual([['operator', 'op_webhook.failing_wh_1_5']]);
  });

  it('shares a call with others of its time', async () => {
    const desk = openDesk(['acc_1']);
    await Promise.all(['a', 'b', 'c'].map((key) => desk.events.raise(occurrence({ key }))));
    expect(desk.calls.map((call) => call.length)).toEqual([3]);
  });
});

describe('while the store takes nothing, operational events', () => {
  it('wait in their order, and are handed in a second later', async () => {
    const desk = openDesk(['acc_1']);
    desk.state.broken = true;
    const first = desk.events.raise(occurrence({ key: 'a' }));
    await expect.poll(() => desk.clock.waiting).toBe(1);
    const second = desk.events.raise(occurrence({ key: 'b' }));
    desk.clock.advance(999);
    desk.state.broken = false;
    expect(desk.calls.length).toBe(1);
    desk.clock.advance(1);
    await Promise.all([first, second]);
    expect(desk.calls[1]?.map(({ ownId }) => ownId)).toEqual([
      'op_webhook.failing_a',
      'op_webhook.failing_b',
    ]);
  });

  it('are lost beyond 10,000, which the log says', async () => {
    const desk = openDesk(['acc_1']);
    desk.state.broken = true;
    const raised = Array.from({ length: 10_003 }, (_, key) =>
      desk.events.raise(occurrence({ key: `${key}` })),
    );
    await expect.poll(() => desk.clock.waiting).toBe(1);
    desk.state.broken = false;
    desk.clock.advance(1_000);
    expect((await Promise.all(raised)).filter((stored) => !stored)).toHaveLength(3);
    expect(desk.calls.slice(1).flat().length).toBe(10_000);
    expect(desk.warnings.at(-1)).toEqual({ events: 3 });
  });

  it('are tried once more when the gateway stops, and then are lost', async () => {
    const desk = openDesk(['acc_1']);
    desk.state.broken = true;
    const raised = desk.events.raise(occurrence());
    await expect.poll(() => desk.clock.waiting).toBe(1);
    await desk.events.close();
    expect(await raised).toBe(false);
    expect(desk.calls.length).toBe(2);
    expect(desk.clock.waiting).toBe(0);
    expect(desk.warnings.at(-1)).toEqual({ events: 1 });
    expect(await desk.events.raise(occurrence())).toBe(false);
    expect(desk.calls.length).toBe(2);
  });
});

it('What waits when the gateway stops is handed in', async () => {
  const desk = openDesk(['acc_1']);
  void desk.events.raise(occurrence());
  await desk.events.close();
  expect(desk.accepted()).toEqual([['acc_1', 'op_webhook.failing_wh_1_5']]);
});

import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

/** A rejection that nobody handles fails the run by itself. */
describe('when the store fails', () => {
  it('never-tried deliveries are loaded a second later', async () => {
    const stage = openStage();
    stage.webhook('shop');
    // Deleted when it came, restored before that could be written down.
    stage.log.failing.add('skipWaiting');
    const [delivery] = await stage.accept('other', 1);
    stage.webhook('other');
    stage.log.failing.clear();
    stage.log.failing.add('loadPending');
    void stage.dispatcher.start();
    await stage.settle();
    await stage.pass(999);
    expect(stage.log.asked.get('loadPending')).toBe(1);
    await stage.pass(1);
    expect(stage.log.asked.get('loadPending')).toBe(2);
    stage.log.failing.clear();
    await stage.pass(1_000);
    expect(stage.sentTo('other')).toEqual([delivery?.id]);
  });

  it('retries are loaded a second later', async () => {
    const stage = openStage();
    stage.webhook('shop');
    const [delivery] = await stage.accept('shop', 1);
    await stage.answer('shop', 500);
    stage.log.failing.add('loadRetries');
    await stage.pass(5_000);
    await stage.pass(999);
    expect(stage.log.asked.get('loadRetries')).toBe(1);
    stage.log.failing.clear();
    await stage.pass(1);
    expect(stage.sentTo('shop')).toEqual([delivery?.id, delivery?.id]);
  });

  it('what waits for a deleted webhook is skipped a second later', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { status: 'disabled' });
    const [delivery] = await stage.accept('shop', 1);
    stage.log.failing.add('skipWaiting');
    stage.registry.remove('shop');
    await stage.settle();
    stage.log.failing.clear();
    expect(stage.skipped).toEqual([]);
    await stage.pass(1_000);
    expect(stage.log.stateOf(delivery?.id ?? '')).toMatchObject({ state: 'skipped' });
    expect(stage.skipped).toEqual(['shop webhook_deleted 1']);
  });

  it('a replay fails, and says so', async () => {
    const stage = openStage();
    stage.log.failing.add('requeueMany');
    const replayed = stage.dispatcher.replay({ id: 'dlv_00000000001', webhookId: 'shop' });
    const outcome = expect(replayed).rejects.toThrow('requeueMany fails');
    await stage.settle();
    await outcome;
  });

  it('nothing is tried again once the dispatcher stops', async () => {
    const stage = openStage();
    stage.webhook('shop', {}, { status: 'disabled' });
    await stage.accept('shop', 1);
    stage.log.failing.add('skipWaiting');
    stage.registry.remove('shop');
    await stage.settle();
    await stage.dispatcher.stop(0);
    await stage.pass(10_000);
    expect(stage.log.asked.get('skipWaiting')).toBe(1);
  });
});

describe('a webhook that cannot be rendered', () => {
  it('fails each attempt as "render", and holds up no other', async () => {
    const stage = openStage();
    stage.webhook('broken', { timeFormat: 'YYYY-MM-DD HH:mm:ss', timeZone: 'Mars/Olympus' });
    stage.webhook('shop');
    const [delivery] = await stage.accept('broken', 1);
    await stage.accept('shop', 1);
    expect(stage.sentTo('broken')).toEqual([]);
    expect(stage.sentTo('shop')).toHaveLength(1);
    expect(stage.attempts).toMatchObject([
      {
        deliveryId: delivery?.id,
        number: 1,
        statusCode: null,
        errorClass: 'render',
        errorDetail: expect.stringContaining('Mars/Olympus'),
        after: { state: 'retrying' },
      },
    ]);
  });

  it('goes on when its configuration is put right, and stops when it is broken meanwhile', async () => {
    const stage = openStage();
    stage.webhook('shop');
    await stage.accept('shop', 1);
    stage.webhook('shop', {}, { url: 'nonsense' });
    await stage.answer('shop', 500);
    await stage.pass(5_000);
    expect(stage.attempts.map(({ errorClass }) => errorClass)).toEqual(['status', 'render']);
    stage.webhook('shop');
    await stage.pass(30_000);
    await stage.answer('shop', 200);
    expect(stage.attempts.at(-1)).toMatchObject({ number: 3, after: { state: 'delivered' } });
  });

  it('does so for a secret that cannot be read', async () => {
    const stage = openStage();
    const webhook = stage.webhook('shop');
    stage.registry.put({ webhook, secrets: [{ secret: 'whsec_not base64!', expiresAt: null }] });
    await stage.accept('shop', 1);
    expect(stage.attempts).toMatchObject([{ errorClass: 'render' }]);
    expect(JSON.stringify(stage.attempts)).not.toContain('not base64!');
  });
});

describe('when saving that a webhook is disabled fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('it is tried again every second, and nothing is sent meanwhile (%s)', async (_, fail) => {
    let calls = 0;
    const stage = openStage({ onDisable: () => (++calls < 3 ? fail() : undefined) });
    stage.webhook('shop', { maxConcurrency: 1 });
    await stage.accept('shop', 2);
    await stage.answer('shop', 410);
    expect(stage.attempts).toHaveLength(1);
    await stage.pass(1_000);
    await stage.pass(1_000);
    expect(calls).toBe(3);
    await stage.pass(10_000);
    expect(calls).toBe(3);
    expect(stage.sentTo('shop')).toHaveLength(1);
  });

  it('it ends when somebody enables the webhook', async () => {
    let calls = 0;
    const stage = openStage({
      onDisable() {
        calls++;
        throw new Error('disk full');
      },
    });
    stage.webhook('shop');
    await stage.accept('shop', 1);
    await stage.answer('shop', 410);
    stage.webhook('shop', {}, { status: 'enabled' });
    await stage.pass(10_000);
    expect(calls).toBe(1);
  });
});

describe('an endpoint that fails', () => {
  const fail = async (stage: ReturnType<typeof openStage>): Promise<void> => {
    for (let i = 0; i < 5; i++) await stage.answer('shop', 'timeout');
  };

  it('gets one probe after a restart, instead of failures until that is known again', async () => {
    const before = openStage();
    before.webhook('shop');
    await before.accept('shop', 50);
    await fail(before);
    const open = before.breakers.get('shop');
    expect(open).toMatchObject({ webhookId: 'shop', trips: 1 });

    const after = openStage({ openBreakers: open ? [open] : [], webhooks: ['shop'] });
    await after.accept('shop', 50);
    expect(after.sentTo('shop')).toHaveLength(0);
    await after.pass((open?.until ?? 0) - after.clock.now());
    expect(after.underWay('shop')).toHaveLength(1);
    await after.answer('shop', 200);
    expect(after.underWay('shop').length).toBeGreaterThan(1);
    expect(after.breakers.get('shop')).toBeNull();
  });

  it('is tried at once after a restart when its owner has changed it, and nothing is known of a deleted one', async () => {
    const open = (webhookId: string) => ({ webhookId, until: 1_000_000_000_000_000, trips: 9 });
    const stage = openStage({ openBreakers: [open('shop'), open('gone')], webhooks: ['shop', 'gone'] });
    stage.webhook('shop', { maxConcurrency: 3 });
    stage.registry.remove('gone');
    await stage.accept('shop', 1);
    expect(stage.underWay('shop')).toHaveLength(1);
    expect(stage.breakers.get('gone')).toBeNull();
  });
});

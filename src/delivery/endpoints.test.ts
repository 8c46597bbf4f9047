import { describe, expect, it } from 'vitest';
import type { Webhook } from '../core/webhook.ts';
import { signatureHeader, signingKey } from '../rendering/sign.ts';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { holdEndpoint } from './endpoints.ts';
import { createFakeSender } from './testing/fake-sender.ts';

const current = { secret: 'whsec_bmV3', expiresAt: null };

function hold(
  parts: Partial<Webhook> = {},
  secrets = [current as { secret: string; expiresAt: number | null }],
) {
  const sender = createFakeSender(createManualClock());
  const webhook = testWebhook({ url: 'https://a.example/dlr', ...parts });
  return { sender, webhook, holder: holdEndpoint(sender, { webhook, secrets }) };
}

const signed = (keys: Parameters<typeof signatureHeader>[0]): string =>
  signatureHeader(keys, 'dlv_1', 1, '{}');

describe('an endpoint', () => {
  it('keeps its connections while they still fit', () => {
    const { holder, webhook } = hold();
    const { channel } = holder.endpoint;
    holder.update({
      webhook: { ...webhook, url: 'https://a.example/other', version: 2 },
      secrets: [current],
    });
    expect(holder.endpoint.version).toBe(2);
    expect(holder.endpoint.compiled.path).toBe('/other');
    expect(holder.endpoint.channel).toBe(channel);
  });

  it('gets new connections to another origin, and lets the old ones end', () => {
    const { sender, holder, webhook } = hold();
    holder.update({ webhook: { ...webhook, url: 'https://b.example/dlr' }, secrets: [current] });
    expect([...sender.openChannels]).toEqual(['https://b.example']);
    holder.close();
    expect(sender.openChannels.size).toBe(0);
  });

  it('signs with the former secret too, until its overlap ends', () => {
    const former = { secret: 'whsec_b2xk', expiresAt: 5_000 };
    const { keysAt } = hold({}, [current, former]).holder.endpoint;
    const both = signed([signingKey(current.secret), signingKey(former.secret)]);
    const one = signed([signingKey(current.secret)]);
    expect([4_999, 5_000, 9_000].map((now) => signed(keysAt(now)))).toEqual([both, one, one]);
  });

  it('that cannot be compiled says why whenever it is used, and recovers with the next version', () => {
    const { holder, webhook } = hold({ settings: { ...testSettings, timeZone: 'Mars/Olympus' }, version: 3 });
    expect(holder.endpoint.version).toBe(3);
    expect(() => holder.endpoint.compiled).toThrow(RangeError);
    expect(() => holder.endpoint.keysAt(0)).toThrow(RangeError);
    holder.update({ webhook: { ...webhook, settings: testSettings, version: 4 }, secrets: [current] });
    expect(holder.endpoint.compiled.origin).toBe('https://a.example');
    holder.close();
  });
});

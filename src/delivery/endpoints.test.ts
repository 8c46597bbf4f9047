import { describe, expect, it } from 'vitest';
import type { Webhook } from '../core/webhook.ts';
import { signatureHeader, signingKey } from '../rendering/sign.ts';
import { testSettings, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { openEndpoint } from './endpoints.ts';
import { createFakeSender } from './testing/fake-sender.ts';

const current = { secret: 'whsec_bmV3', expiresAt: null };

function open(
  parts: Partial<Webhook> = {},
  secrets = [current as { secret: string; expiresAt: number | null }],
) {
  const sender = createFakeSender(createManualClock());
  const webhook = testWebhook({ url: 'https://a.example/dlr', ...parts });
  return { sender, webhook, opened: openEndpoint(sender, { webhook, secrets }) };
}

const signed = (keys: Parameters<typeof signatureHeader>[0]): string =>
  signatureHeader(keys, 'dlv_1', 1, '{}');

describe('an endpoint', () => {
  it('keeps its connections while they still fit', () => {
    const { opened, webhook } = open();
    const { channel } = opened.current;
    opened.update({
      webhook: { ...webhook, url: 'https://a.example/other', version: 2 },
      secrets: [current],
    });
    expect(opened.current.version).toBe(2);
    expect(opened.current.compiled.path).toBe('/other');
    expect(opened.current.channel).toBe(channel);
  });

  it('gets new connections to another origin, and lets the old ones end', () => {
    const { sender, opened, webhook } = open();
    opened.update({ webhook: { ...webhook, url: 'https://b.example/dlr' }, secrets: [current] });
    expect([...sender.openChannels]).toEqual(['https://b.example']);
    opened.close();
    expect(sender.openChannels.size).toBe(0);
  });

  it('signs with the former secret too, until its overlap ends', () => {
    const former = { secret: 'whsec_b2xk', expiresAt: 5_000 };
    const { keysAt } = open({}, [current, former]).opened.current;
    const both = signed([signingKey(current.secret), signingKey(former.secret)]);
    const one = signed([signingKey(current.secret)]);
    expect([4_999, 5_000, 9_000].map((now) => signed(keysAt(now)))).toEqual([both, one, one]);
  });

  it('that cannot be compiled says why whenever it is used, and recovers with the next version', () => {
    const { opened, webhook } = open({ settings: { ...testSettings, timeZone: 'Mars/Olympus' }, version: 3 });
    expect(opened.current.version).toBe(3);
    expect(() => opened.current.compiled).toThrow(RangeError);
    expect(() => opened.current.keysAt(0)).toThrow(RangeError);
    opened.update({ webhook: { ...webhook, settings: testSettings, version: 4 }, secrets: [current] });
    expect(opened.current.compiled.origin).toBe('https://a.example');
    opened.close();
  });
});

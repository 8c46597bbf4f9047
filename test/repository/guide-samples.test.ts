import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureHeader, signingKey } from '../../src/rendering/sign.ts';
import { createSecret, publicKeyOf } from '../../src/rendering/signing-secret.ts';

type Verify = (headers: { [name: string]: string }, content: Buffer, secret: string) => boolean;

const guide = join(import.meta.dirname, '../../docs/guides/verify-signatures.md');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe("the guide's Node.js samples for signatures", () => {
  let directory: string;
  let verify: Verify;
  let verifyEd25519: Verify;

  beforeAll(async () => {
    const samples = [...readFileSync(guide, 'utf8').matchAll(/```js\n([\s\S]*?)```/g)];
    directory = mkdtempSync(join(tmpdir(), 'hookwire-guide-'));
    const [first, second] = await Promise.all(
      samples.map(async ([, sample = ''], index) => {
        const file = join(directory, `sample-${index}.mjs`);
        writeFileSync(file, sample);
        return (await import(pathToFileURL(file).href)) as { isFromHookwire: Verify };
      }),
    );
    if (!first || !second) throw new Error('The guide has no samples.');
    verify = first.isFromHookwire;
    verifyEd25519 = second.isFromHookwire;
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function headers(content: string, sentAt = new Date()) {
    return {
      'webhook-id': 'dlv_1',
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': `v1,AAAA ${new Webhook(secret).sign('dlv_1', sentAt, content)}`,
    };
  }

  it('takes a signed body and a signed query string', () => {
    for (const content of ['{"text":"é 🙂"}', 'msg_id=a%2Bb&tenant=42']) {
      expect(verify(headers(content), Buffer.from(content), secret)).toBe(true);
    }
  });

  it('take what an Ed25519 key signed, by its public key, and nothing else', () => {
    const pair = createSecret('v1a');
    const publicKey = publicKeyOf(pair) ?? '';
    const content = 'msg_id=a%2Bb&ü';
    const at = Math.floor(Date.now() / 1000);
    const signed = (seconds: number) => ({
      'webhook-id': 'dlv_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureHeader([signingKey(secret), signingKey(pair)], 'dlv_1', seconds, content),
    });
    expect(verifyEd25519(signed(at), Buffer.from(content), publicKey)).toBe(true);
    expect(verifyEd25519(signed(at), Buffer.from('a=2'), publicKey)).toBe(false);
    expect(verifyEd25519(signed(at - 301), Buffer.from(content), publicKey)).toBe(false);
    expect(verifyEd25519(headers(content), Buffer.from(content), publicKey)).toBe(false);
    expect(verifyEd25519({}, Buffer.from(content), publicKey)).toBe(false);
  });

  it('refuses another body, another secret, an old time and no signature', () => {
    const content = Buffer.from('a=1');
    expect(verify(headers('a=1'), Buffer.from('a=2'), secret)).toBe(false);
    expect(verify(headers('a=1'), content, 'whsec_AAAA')).toBe(false);
    expect(verify(headers('a=1', new Date(Date.now() - 301_000)), content, secret)).toBe(false);
    expect(verify({}, content, secret)).toBe(false);
  });
});

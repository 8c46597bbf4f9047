import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Verify = (headers: { [name: string]: string }, content: Buffer, secret: string) => boolean;

const guide = join(import.meta.dirname, '../../docs/guides/verify-signatures.md');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe("the guide's Node.js sample for signatures", () => {
  let directory: string;
  let verify: Verify;

  beforeAll(async () => {
    const [, sample = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync(guide, 'utf8')) ?? [];
    directory = mkdtempSync(join(tmpdir(), 'hookwire-guide-'));
    const file = join(directory, 'sample.mjs');
    writeFileSync(file, sample);
    const module = (await import(pathToFileURL(file).href)) as { isFromHookwire: Verify };
    verify = module.isFromHookwire;
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

  it('refuses another body, another secret, an old time and no signature', () => {
    const content = Buffer.from('a=1');
    expect(verify(headers('a=1'), Buffer.from('a=2'), secret)).toBe(false);
    expect(verify(headers('a=1'), content, 'whsec_AAAA')).toBe(false);
    expect(verify(headers('a=1', new Date(Date.now() - 301_000)), content, secret)).toBe(false);
    expect(verify({}, content, secret)).toBe(false);
  });
});

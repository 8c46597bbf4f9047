import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../receiver/receiver.ts';
import { signatureHeader, signingKey } from '../../rendering/sign.ts';
import { createSecret, publicKeyOf } from '../../rendering/signing-secret.ts';
import { checkSignature } from './check-signature.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sentAt = new Date(Date.UTC(2026, 10, 22, 10, 15, 30));

/** A request as Hookwire signs it; the signature is made by the reference library. */
function signed(change: Partial<ReceivedRequest> = {}, payload = '{"a":"é"}'): ReceivedRequest {
  return {
    method: 'POST',
    path: '/dlr',
    rawHeaders: [],
    headers: {
      'webhook-id': 'dlv_1',
      'webhook-timestamp': String(sentAt.getTime() / 1000),
      'webhook-signature': new Webhook(secret).sign('dlv_1', sentAt, payload),
    },
    body: Buffer.from(payload),
    arrivedAt: sentAt.getTime() + 120,
    socketId: 1,
    answer: 200,
    ...change,
  };
}

describe('checkSignature', () => {
  it('takes what the reference library signed', () => {
    expect(checkSignature(signed(), secret)).toBe('valid');
  });

  it('takes what an Ed25519 key signed, by its public key', () => {
    const pair = createSecret('v1a');
    const publicKey = publicKeyOf(pair) ?? '';
    const at = sentAt.getTime() / 1000;
    const signature = signatureHeader([signingKey(pair), signingKey(secret)], 'dlv_1', at, '{"a":"é"}');
    const request = signed();
    const headers = { ...request.headers, 'webhook-signature': signature };
    expect(checkSignature({ ...request, headers }, publicKey)).toBe('valid');
    expect(checkSignature({ ...request, headers }, secret)).toBe('valid');
    expect(checkSignature({ ...request, headers, body: Buffer.from('{}') }, publicKey)).toBe('wrong');
    expect(checkSignature(request, publicKey)).toBe('wrong');
  });

  it('checks the raw query string of a GET', () => {
    const get = signed({ method: 'GET', path: '/dlr?a=%2B&b=', body: Buffer.alloc(0) }, 'a=%2B&b=');
    expect(checkSignature(get, secret)).toBe('valid');
    expect(checkSignature({ ...get, path: '/dlr?a=+&b=' }, secret)).toBe('wrong');
  });

  it('takes the second of two signatures, as during a rotation', () => {
    const request = signed();
    const both = `v1,AAAA ${request.headers['webhook-signature']}`;
    const headers = { ...request.headers, 'webhook-signature': both };
    expect(checkSignature({ ...request, headers }, secret)).toBe('valid');
  });

  it('finds a changed body', () => {
    expect(checkSignature(signed({ body: Buffer.from('{"a":"e"}') }), secret)).toBe('wrong');
  });

  it('finds another secret', () => {
    expect(checkSignature(signed(), 'whsec_AAAA')).toBe('wrong');
  });

  it('finds missing headers', () => {
    expect(checkSignature(signed({ headers: {} }), secret)).toBe('missing');
  });

  it('refuses what is more than five minutes away', () => {
    const late = signed({ arrivedAt: sentAt.getTime() + 5 * 60_000 + 1 });
    const early = signed({ arrivedAt: sentAt.getTime() - 5 * 60_000 - 1 });
    expect([checkSignature(late, secret), checkSignature(early, secret)]).toEqual([
      'too old or too new',
      'too old or too new',
    ]);
  });
});

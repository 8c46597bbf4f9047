import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signatureHeader, signingKey } from './sign.ts';
import { createSecret, publicKeyOf, secretProblem } from './signing-secret.ts';

// RFC 8032 §7.1, test 1.
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const own = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
const secretOf = (...parts: Buffer[]) => `whsk_${Buffer.concat(parts).toString('base64')}`;

/** As an endpoint does that has the public key only. */
function verifies(publicKey: string, signed: string, header: string): boolean {
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return header.split(' ').some((each) => {
    const [version, value = ''] = each.split(',');
    return version === 'v1a' && verify(null, Buffer.from(signed), key, Buffer.from(value, 'base64'));
  });
}

describe('an Ed25519 key', () => {
  it('signs as v1a what its public key verifies, and nothing else', () => {
    const secret = createSecret('v1a');
    const header = signatureHeader([signingKey(secret)], 'msg_1', 1614265330, 'ü=1');
    expect(header).toMatch(/^v1a,[\w+/]{86}==$/);
    const publicKey = publicKeyOf(secret) ?? '';
    expect(verifies(publicKey, 'msg_1.1614265330.ü=1', header)).toBe(true);
    expect(verifies(publicKey, 'msg_1.1614265330.ü=2', header)).toBe(false);
    expect(verifies(publicKeyOf(createSecret('v1a')) ?? '', 'msg_1.1614265330.ü=1', header)).toBe(false);
  });

  it('is the one of RFC 8032, with or without its public key', () => {
    for (const secret of [secretOf(seed), secretOf(seed, own)]) {
      expect(secretProblem(secret)).toBeNull();
      expect(publicKeyOf(secret)).toBe(`whpk_${own.toString('base64')}`);
    }
    expect(signatureHeader([signingKey(secretOf(seed))], 'a', 1, '')).toBe(
      signatureHeader([signingKey(secretOf(seed, own))], 'a', 1, ''),
    );
  });

  it('signs beside a shared secret while a rotation overlaps, and libraries find theirs', () => {
    const [before, now] = [createSecret(), createSecret('v1a')];
    const at = Math.floor(Date.now() / 1000);
    const header = signatureHeader([signingKey(now), signingKey(before)], 'msg_1', at, 'body');
    expect(header).toMatch(/^v1a,\S+ v1,\S+$/);
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at), 'webhook-signature': header };
    expect(() => new Webhook(before).verify('body', headers, { jsonParse: false })).not.toThrow();
    expect(verifies(publicKeyOf(now) ?? '', `msg_1.${at}.body`, header)).toBe(true);
  });
});

describe('a secret of one’s own', () => {
  const bytes = (count: number) => `whsec_${Buffer.alloc(count, 7).toString('base64')}`;

  it('has from 24 to 64 bytes', () => {
    expect([23, 24, 64, 65].map((count) => secretProblem(bytes(count)) === null)).toEqual([
      ...[false, true, true, false],
    ]);
    expect(secretProblem(bytes(23))).toContain('it has 23');
    expect(secretProblem(createSecret())).toBeNull();
    expect(secretProblem(createSecret('v1a'))).toBeNull();
  });

  it.each([
    ['', /whsec_ .* or whsk_/],
    ['s3cret', /whsec_ .* or whsk_/],
    ['whpk_AAAA', /only verifies/],
    ['whsec_not base64', /base64 with its padding/],
    [`${bytes(25).replace(/=+$/, '')}`, /padding/],
    ['whsk_YWJj', /32 bytes of an Ed25519 private key.*has 3/],
    [secretOf(seed, seed), /belongs to another/],
    [` ${bytes(24)}`, /whsec_/],
  ])('is refused without being shown: %j', (secret, words) => {
    expect(secretProblem(secret)).toMatch(words);
    if (secret.length > 6) expect(secretProblem(secret)).not.toContain(secret.slice(6));
  });
});

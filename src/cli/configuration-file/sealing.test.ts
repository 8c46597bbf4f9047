import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFileSealing, headerContext, openFileSealing, secretContext } from './sealing.ts';

const sealing = createFileSealing('correct horse battery', 2 ** 14);

describe('a sealed text', () => {
  it('opens as it was, for what it belongs to', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sealed = sealing.seal(text, secretContext('wh_1'));
        expect(sealing.open(sealed, secretContext('wh_1'))).toBe(text);
        expect(sealing.open(sealed, secretContext('wh_2'))).toBeNull();
        expect(sealing.open(sealed, headerContext('wh_1', 'secret'))).toBeNull();
      }),
    );
  });

  it('is the same for the same text of the same thing, and shares nothing with another', () => {
    const [one, again] = [sealing.seal('text', 'wh_1/secret'), sealing.seal('text', 'wh_1/secret')];
    expect(again).toBe(one);
    const nonces = [one, sealing.seal('texu', 'wh_1/secret'), sealing.seal('text', 'wh_2/secret')].map(
      (sealed) => sealed.slice(0, 16),
    );
    expect(new Set(nonces).size).toBe(3);
  });

  it('does not open when any byte of it was changed', () => {
    const bytes = Buffer.from(sealing.seal('a secret', 'wh_1/secret'), 'base64');
    for (const at of bytes.keys()) {
      const other = Buffer.from(bytes);
      other.writeUInt8(other.readUInt8(at) ^ 1, at);
      expect(sealing.open(other.toString('base64'), 'wh_1/secret')).toBeNull();
    }
    for (const cut of ['', 'AAAA', bytes.subarray(0, -1).toString('base64')])
      expect(sealing.open(cut, 'wh_1/secret')).toBeNull();
  });

  it('opens by its passphrase and what the file says, and by no other passphrase', () => {
    const sealed = sealing.seal('a secret', 'wh_1/secret');
    const opened = openFileSealing('correct horse battery', sealing.entry);
    expect(opened?.open(sealed, 'wh_1/secret')).toBe('a secret');
    expect(openFileSealing('correct horse batterie', sealing.entry)).toBeNull();
  });
});

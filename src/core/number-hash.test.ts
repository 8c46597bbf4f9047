import { expect, it } from 'vitest';
import { normalNumber } from '../shared/normal-number.ts';
import { numberHash, numberKeyBytes } from './number-hash.ts';

const key = Buffer.alloc(numberKeyBytes, 1);

it('is the same for a number in any spelling, and another for another number or another key', () => {
  const hash = numberHash(key, normalNumber('+91 98123 45678'));
  expect(hash).toBe(numberHash(key, normalNumber('00919812345678')));
  expect(hash).not.toBe(numberHash(key, normalNumber('919812345679')));
  expect(hash).not.toBe(numberHash(Buffer.alloc(numberKeyBytes, 2), normalNumber('919812345678')));
});

it('does not change: it is on disk', () => {
  expect(numberHash(key, '919812345678')).toMatchInlineSnapshot(`"s3xAx3X6uG4NAi9fPbCP8w"`);
});

import { expect, it } from 'vitest';
import { identityTerm } from '../../../search/terms.ts';
import { ownIdTerm } from '../own-id-terms.ts';
import { addToBlock, blockBytes, blockOf, blocksFor, mayBeInBlock } from './filter.ts';

const reports = (name: string) => Array.from({ length: 20_000 }, (_, i) => identityTerm(`${name} ${i}`));
const ownIds = (name: string) => Array.from({ length: 20_000 }, (_, i) => ownIdTerm('acc_1', `${name}-${i}`));

it.each([
  ['reports', reports],
  ['ids of one account', ownIds],
])('knows every term that it was given, and few of the others: %s', (_, make) => {
  const terms = make('one');
  const blocks = blocksFor(terms.length);
  const bits = new Uint8Array(blocks * blockBytes);
  const placeOf = (term: number): number => blockOf(term, blocks) * blockBytes;
  for (const term of terms) addToBlock(bits, placeOf(term), term);
  expect(terms.every((term) => mayBeInBlock(bits, placeOf(term), term))).toBe(true);
  const others = make('another');
  const wrong = others.filter((term) => mayBeInBlock(bits, placeOf(term), term)).length;
  expect(wrong).toBeLessThan(0.008 * others.length);
});

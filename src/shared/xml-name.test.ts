import { describe, expect, it } from 'vitest';
import { isXmlName } from './xml-name.ts';

describe('XML names', () => {
  it.each(['txn_id', '_x', 'a-b.c', 'Ünïcode', 'संदेश', 'xmlData', 'a1', '🙂'])('takes %s', (name) => {
    expect(isXmlName(name)).toBe(true);
  });

  it.each(['', '1a', '-a', '.a', 'a b', 'ns:a', 'a<b', 'a&b', 'a\n', 'a/', '×', '\ud800', 'a\u0000'])(
    'refuses %j',
    (name) => {
      expect(isXmlName(name)).toBe(false);
    },
  );
});

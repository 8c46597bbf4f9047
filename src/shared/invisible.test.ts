import { expect, it } from 'vitest';
import { invisibleIn } from './invisible.ts';

it.each([
  ['key\u00a0value', 'U+00A0 (a no-break space), as its character 4'],
  ['\u00adkey', 'U+00AD (a soft hyphen), as its character 1'],
  ['key\u0085', 'U+0085 (a control character), as its character 4'],
  ['k\u200bey', 'U+200B (a zero-width space), as its character 2'],
  ['😀\ufeff', 'U+FEFF (a byte order mark), as its character 2'],
  ['a\u202eb', 'U+202E (a mark of the direction of writing), as its character 2'],
  ['a\u2009b', 'U+2009 (a space of another width), as its character 2'],
  ['a\u3164', 'U+3164 (a character without a shape), as its character 2'],
  ['a\u2800', 'U+2800 (a character without a shape), as its character 2'],
  ['a\u{e0041}', 'U+E0041 (a character without a shape), as its character 2'],
  ['a\tb', 'U+0009 (a tab), as its character 2'],
])('tells where %j has what nobody sees', (text, words) => {
  expect(invisibleIn(text)).toContain(words);
});

it.each(['', 'X-Api-Key', 'Bearer a b', 'Zürich ÿ', 'नंबर', '番号', '😀', 'a-b_c.d'])(
  'sees all of %j',
  (text) => {
    expect(invisibleIn(text)).toBeNull();
  },
);

import { describe, expect, it } from 'vitest';
import { parseScript, plainAnswer } from './answer.ts';

describe('a script of answers', () => {
  it('is read from text', () => {
    expect(parseScript('503, timeout,200')).toEqual({ answers: [503, 'timeout', 200] });
    expect(parseScript('429:retry-after=2:x-a=b c,204:delay=50')).toEqual({
      answers: [
        { status: 429, headers: { 'retry-after': '2', 'x-a': 'b c' }, delayMs: 0 },
        { status: 204, headers: {}, delayMs: 50 },
      ],
    });
  });

  it.each(['', '99', '600', 'constructor', '200:', '200:delay=x', '200:a=\r\nb', '200,,200'])(
    'refuses %j with a sentence',
    (text) => {
      expect(parseScript(text)).toHaveProperty('error', expect.stringContaining('is not an answer'));
    },
  );
});

describe('a bare status', () => {
  it('says its reason in the body, where it may have one', () => {
    expect(plainAnswer(503)).toEqual({ status: 503, body: 'Service Unavailable' });
    expect(plainAnswer(204)).toEqual({ status: 204, body: '' });
  });
});

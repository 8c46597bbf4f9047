import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlOf } from './curl.ts';

/** What a shell makes of the command: the words after `curl`. */
function wordsOf(command: string): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('a request as curl', () => {
  it('says the same to a shell, whatever is in it', () => {
    const url = "https://example.com/it's?a=$HOME&b=`id`\\";
    const headers = [
      ['content-type', 'application/json'],
      ['X-Quote', `it's "$(id)"`],
    ];
    const body = `{"text":"it's\n$HOME"}`;
    expect(wordsOf(curlOf({ method: 'POST', url, headers, body }))).toEqual([
      '-X',
      'POST',
      url,
      '-H',
      'content-type: application/json',
      '-H',
      `X-Quote: it's "$(id)"`,
      '--data-raw',
      body,
    ]);
  });

  it('takes brackets as they are, sends empty headers, and leaves out what curl makes itself', () => {
    const headers = [
      ['Content-Length', '5'],
      ['x-empty', ''],
    ];
    expect(
      wordsOf(curlOf({ method: 'GET', url: 'https://example.com/?a[]=1', headers, body: null })),
    ).toEqual(['--globoff', 'https://example.com/?a[]=1', '-H', 'x-empty;']);
  });
});

import { expect, it } from 'vitest';
import { readWhole } from './whole-file.ts';

const chunks = ['one,', 'two,', 'three'].map((text) => Buffer.from(text));
let ended = false;
async function* file(): AsyncGenerator<Buffer> {
  ended = false;
  try {
    yield* chunks;
  } finally {
    ended = true;
  }
}

it('reads a file to its end', async () => {
  expect((await readWhole(file(), 13)).toString()).toBe('one,two,three');
});

it('refuses one that is longer than may be, says what to do, and reads no further', async () => {
  await expect(readWhole(file(), 12)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/4 MiB.*"limit".*proxy_http_version 1\.1/),
  });
  expect(ended).toBe(true);
});

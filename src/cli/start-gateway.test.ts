import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { CliError } from './exit-codes.ts';
import { startProblem } from './start-gateway.ts';

const config = loadConfig({ HOOKWIRE_DATA_DIR: '/srv/hookwire', HOOKWIRE_PORT: '80' });

function failure(code: string): Error {
  return Object.assign(new Error(`failed with ${code}`), { code });
}

describe('startProblem', () => {
  it.each([
    ['EADDRINUSE', 'inUse', /Port 80 on 127\.0\.0\.1 is in use: .*HOOKWIRE_PORT/],
    ['EACCES', 'failed', /No permission .* port 80 .* \/srv\/hookwire/],
    ['EADDRNOTAVAIL', 'usage', /127\.0\.0\.1 is no address of this machine: set HOOKWIRE_HOST/],
    ['data_directory_locked', 'inUse', /failed with data_directory_locked/],
    ['wrong_master_key', 'usage', /failed with wrong_master_key/],
  ])('says for %s what to do', (code, reason, words) => {
    const problem = startProblem(failure(code), config);
    expect(problem).toBeInstanceOf(CliError);
    expect(problem).toMatchObject({ reason, message: expect.stringMatching(words) });
  });

  it('leaves an error that nobody expected as it is', () => {
    const error = failure('EIO');
    expect(startProblem(error, config)).toBe(error);
  });
});

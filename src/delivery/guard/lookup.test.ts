import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createGuard } from './guard.ts';

interface Looked {
  readonly error: NodeJS.ErrnoException | null;
  readonly address: string | LookupAddress[];
  readonly family: number | undefined;
}

const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });

function look(
  answers: readonly LookupAddress[],
  all: boolean,
  allowNetworks: string[] = [],
): Promise<Looked> {
  const guard = createGuard({
    allowNetworks,
    resolve: (_name, _options, callback) => callback(null, [...answers]),
  });
  return new Promise((resolve) => {
    guard.lookup('hooks.example', { all }, (error, address, family) => resolve({ error, address, family }));
  });
}

describe('the guarded lookup', () => {
  it('yields every vetted address to a caller that wants all', async () => {
    const answers = [ipv4('1.1.1.1'), { address: '2606:4700::1111', family: 6 }];
    expect(await look(answers, true)).toMatchObject({ error: null, address: answers });
  });

  it('yields the first vetted address to a caller that wants one', async () => {
    const looked = await look([ipv4('10.0.0.1'), ipv4('1.1.1.1')], false);
    expect(looked).toEqual({ error: null, address: '1.1.1.1', family: 4 });
  });

  it('drops refused addresses beside vetted ones', async () => {
    const looked = await look([ipv4('169.254.169.254'), ipv4('1.1.1.1'), ipv4('127.0.0.1')], true);
    expect(looked.address).toEqual([ipv4('1.1.1.1')]);
  });

  it('fails when no address is left, and says why', async () => {
    const { error } = await look([ipv4('10.0.0.1')], true);
    expect(error?.code).toBe('ERR_BLOCKED_ADDRESS');
    expect(error?.message).toBe('hooks.example resolves to 10.0.0.1, which is a private address');
  });

  it('fails when the name has no address', async () => {
    expect((await look([], true)).error?.code).toBe('ENODATA');
  });

  it('passes the resolver’s own error on', async () => {
    const failure = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    const guard = createGuard({ allowNetworks: [], resolve: (_n, _o, callback) => callback(failure, []) });
    const seen = await new Promise((resolve) => guard.lookup('x.example', { all: true }, resolve));
    expect(seen).toBe(failure);
  });

  it('resolves names with the machine’s own resolver by default', async () => {
    const guard = createGuard({ allowNetworks: [] });
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) =>
      guard.lookup('localhost', { all: true }, resolve),
    );
    expect(error?.code).toBe('ERR_BLOCKED_ADDRESS');
  });
});

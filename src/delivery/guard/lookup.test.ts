import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { blockedHostDetail } from '../../core/blocked-host.ts';
import type { Names } from '../names/names.ts';
import { standInNames } from '../names/stand-in.ts';
import { failureOf } from '../send/failure.ts';
import { createGuard } from './guard.ts';

interface Looked {
  readonly error: NodeJS.ErrnoException | null;
  readonly address: string | LookupAddress[];
  readonly family: number | undefined;
}

const ipv4 = (address: string): LookupAddress => ({ address, family: 4 });

function answering(answers: readonly LookupAddress[]) {
  return standInNames((_name, _options, callback) => callback(null, [...answers]));
}

function look(
  answers: readonly LookupAddress[],
  all: boolean,
  allowNetworks: string[] = [],
): Promise<Looked> {
  const lookup = createGuard({ allowNetworks, names: answering(answers) }).lookup({ account: 'acc_1' });
  return new Promise((resolve) => {
    lookup('hooks.example', { all }, (error, address, family) => resolve({ error, address, family }));
  });
}

describe('a name of an inside network', () => {
  const missing = Object.assign(new Error('no'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
  const names = [
    'redis',
    'db.internal',
    'db.internal.',
    'Printer.LOCAL',
    'git.corp',
    'nas.lan',
    'a.b.home.arpa',
    'db.acme.example',
  ];

  /** How a name fails that exists inside, and one that does not. */
  async function failures(name: string, allowNetworks: string[]) {
    const asked: string[] = [];
    const told: string[] = [];
    const fail = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => {
      const guard = createGuard({
        allowNetworks,
        insideDomains: ['acme.example'],
        onRefused: (host, reason) => told.push(`${host} ${reason}`),
        names: standInNames((asks, _options, callback) => {
          asked.push(asks);
          callback(error, addresses);
        }),
      });
      return new Promise<Error | null>((resolve) =>
        guard.lookup({ account: null })(name, { all: true }, resolve),
      );
    };
    const errors = [await fail(null, [ipv4('10.0.0.1')]), await fail(missing, []), await fail(null, [])];
    return { asked, told, details: errors.map((error) => error && failureOf(error, name, 'connect')) };
  }

  it.each(names)('%s fails alike whether it exists or not, and is not looked up', async (name) => {
    const { asked, details } = await failures(name, []);
    const blocked = { class: 'blocked_address', detail: blockedHostDetail };
    expect(details).toEqual([blocked, blocked, blocked]);
    expect(asked).toEqual([]);
  });

  it.each(names)(
    '%s fails alike where another network may be called, and the operator is told why',
    async (name) => {
      const { asked, told, details } = await failures(name, ['10.9.0.0/16']);
      const blocked = { class: 'blocked_address', detail: blockedHostDetail };
      expect(details).toEqual([blocked, blocked, blocked]);
      expect(asked).toHaveLength(3);
      expect(told[0]).toBe(`${name} resolves to 10.0.0.1, which is a private address`);
      expect(told[1]).toBe(`${name} is a name of an inside network that has no address`);
    },
  );

  it('is called where its network may be', async () => {
    const guard = createGuard({ allowNetworks: ['10.0.0.0/8'], names: answering([ipv4('10.0.0.1')]) });
    const found = new Promise((resolve) =>
      guard.lookup({ account: null })('db.internal', { all: true }, (_e, found) => resolve(found)),
    );
    expect(await found).toEqual([ipv4('10.0.0.1')]);
  });

  it('is not what others are called: a public name that does not exist is told so', async () => {
    const { details } = await failures('hooks.example.com', []);
    expect(details.map((detail) => detail?.class)).toEqual(['blocked_address', 'dns', 'dns']);
  });
});

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
    expect((await look([], true)).error?.code).toBe('ERR_NAME_NOT_FOUND');
  });

  it('passes the resolver’s own error on', async () => {
    const failure = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    const names = standInNames((_n, _o, callback) => callback(failure, []));
    const lookup = createGuard({ allowNetworks: [], names }).lookup({ account: null });
    const seen = await new Promise((resolve) => lookup('x.example', { all: true }, resolve));
    expect(seen).toBe(failure);
  });

  it('tells the resolver whose name it is, and lets no search domain complete it', async () => {
    const asked: unknown[] = [];
    const names: Pick<Names, 'resolve'> = {
      async resolve(host, { account }) {
        asked.push([host, account]);
        return { addresses: [{ address: '1.1.1.1', family: 4 }] };
      },
    };
    const lookup = createGuard({ allowNetworks: [], names }).lookup({ account: 'acc_1' });
    await new Promise((resolve) => lookup('hooks.example', { all: true }, resolve));
    expect(asked).toEqual([['hooks.example.', 'acc_1']]);
  });

  it('of an inside name tells what the machine is short of, and not that it is refused', async () => {
    const short = Object.assign(new Error('no'), { code: 'EMFILE' });
    const names: Pick<Names, 'resolve'> = { resolve: async () => ({ error: short }) };
    const lookup = createGuard({ allowNetworks: ['10.0.0.0/8'], names }).lookup({ account: null });
    expect(await new Promise((resolve) => lookup('db.internal', { all: true }, resolve))).toBe(short);
  });

  it('finds names with a resolver of its own by default', async () => {
    const guard = createGuard({ allowNetworks: [] });
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) =>
      guard.lookup({ account: null })('localhost', { all: true }, resolve),
    );
    expect(error?.code).toBe('ERR_BLOCKED_ADDRESS');
  });
});

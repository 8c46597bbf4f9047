import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { Caller } from '../callers/caller.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { createReaches, type Reaches } from './create-reach.ts';
import type { AccountReach } from './reach.ts';

const key: Caller = {
  accountId: 'acc_1',
  scopes: ['admin'],
  role: null,
  actor: { kind: 'key', id: 'key_1', name: 'Own' },
  masksNumbers: false,
};
const operator: Caller = { ...key, accountId: null };
const replay = { kind: 'replay', filter: {}, states: [] } as const;
const page = { limit: 50, cursor: null };

let api: HttpFixture;
let reaches: Reaches;
beforeAll(async () => {
  api = await createHttpFixture(createManualClock());
  await api.createAccount('acc_1');
  await api.createAccount('acc_2');
  reaches = createReaches(api.services);
});
afterAll(() => api.app.close());

describe("an account's reach", () => {
  it('takes no account in what it is asked or told, which the type checker sees', () => {
    const asks = [
      // @ts-expect-error
      ({ webhooks }: AccountReach) => webhooks.list({ accountId: 'acc_2' }, page),
      // @ts-expect-error
      ({ deliveries }: AccountReach) => deliveries.list({ accountId: null }, page),
      // @ts-expect-error
      ({ events }: AccountReach) => events.search({ accountId: 'acc_2', messageId: 'm' }, page),
      // @ts-expect-error
      ({ audit }: AccountReach) => audit.list({ accountId: null }, page),
      // @ts-expect-error
      ({ tasks }: AccountReach) => tasks.create({ ...replay, accountId: 'acc_2' }),
      // @ts-expect-error
      ({ accounts }: AccountReach) => accounts.list(page),
    ];
    expect(asks).toHaveLength(6);
  });

  it('is of no other account, whatever is named', async () => {
    const reach = reaches.of(key);
    expect(reach.of('acc_1')).toBe(reach);
    expect(() => reach.of('acc_2')).toThrow('There is no account "acc_2".');
    await expect(reach.own('acc_2')).rejects.toThrow('There is no account "acc_2".');
    await expect(reach.account('acc_2')).rejects.toThrow('There is no account "acc_2".');
  });

  it('keeps its own account where it is told another in spite of the types', async () => {
    const smuggled: object = { ...replay, accountId: 'acc_2' };
    const reach = reaches.of(key);
    if (reach.kind !== 'account') throw new Error('A key has the reach of its account.');
    const task = await reach.tasks.create(smuggled as never);
    expect(task.accountId).toBe('acc_1');
    await reach.deliveries.list({ accountId: 'acc_2' } as never, page);
    expect(api.listed.at(-1)?.filter.accountId).toBe('acc_1');
  });
});

describe("an operator's reach", () => {
  it('is of everything, or of the one account that is named', () => {
    const reach = reaches.of(operator);
    expect(reach.kind).toBe('platform');
    expect(reach.of('acc_2')).toBe(reaches.of({ ...key, accountId: 'acc_2' }));
  });

  it('is given to operators alone, also to those who work in an account', () => {
    const inAccount: Caller = { ...key, role: 'operator' };
    expect(reaches.of(inAccount).kind).toBe('account');
    expect(reaches.platformOf(inAccount)).toBe(reaches.platformOf(operator));
    expect(() => reaches.platformOf(key)).toThrow('A route for operators let somebody else in.');
    expect(() => reaches.platformOf({ ...key, role: 'owner' })).toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import { declaredLimits } from '../../core/account-limits.ts';
import { declaredKeep, noOwnKeep } from '../../core/keeping.ts';
import { completeSettings } from '../../http/resources/webhooks/input/settings.ts';
import { smsDlr } from '../../http/testing/webhook-bodies.ts';
import type { StoredConfiguration } from '../../stores/ports/configuration.ts';
import type { ApiKey } from '../../stores/ports/directory.ts';
import { testWebhook } from '../../testing/factories.ts';
import { type ImportPlan, planImport } from './plan.ts';
import { readConfigurationFile } from './read-file.ts';

const now = 1_000;
const hash = (digit: string): string => digit.repeat(64);
const secret = { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', expiresAt: null };
const account = (id: string, name = id) => ({ id, name, createdAt: 1, limits: {}, keep: noOwnKeep });
const key = (id: string, accountId: string | null): ApiKey => ({
  id,
  accountId,
  name: 'old',
  scopes: accountId === null ? [] : ['admin'],
  createdAt: 1,
});
const sms = (parts: Parameters<typeof testWebhook>[0]) => ({
  webhook: testWebhook({
    ...smsDlr,
    accountId: 'acme',
    settings: completeSettings({}, 'GET'),
    ...parts,
  }),
  secrets: [secret],
});
const stored = (parts: Partial<StoredConfiguration>): StoredConfiguration => ({
  accounts: [account('acme', 'Acme'), account('beta', 'Beta')],
  senders: [],
  keys: [],
  webhooks: [],
  deleted: { accounts: new Set(['gone']), webhooks: new Set() },
  ...parts,
});

function plan(parts: object, there: StoredConfiguration): ImportPlan {
  const text = JSON.stringify({ format: 'hookwire-configuration', version: 1, ...parts });
  const { file, errors } = readConfigurationFile(text, { refuseUrl: () => null, passphrase: null });
  expect(errors).toEqual([]);
  return planImport(file, there, { now, limitsOfAll: declaredLimits, keepOfAll: declaredKeep });
}
const planFor = (acme: object, there: StoredConfiguration): ImportPlan =>
  plan({ accounts: [{ id: 'acme', name: 'Acme', ...acme }] }, there);

describe('an account', () => {
  it('is known by its name where it has no id', () => {
    const { changes, summary } = plan({ accounts: [{ name: 'Acme' }, { name: 'New' }] }, stored({}));
    expect(changes?.made.accounts).toMatchObject([{ name: 'New', createdAt: now }]);
    expect(summary).toMatchObject({ same: 1, others: 1 });
  });

  it('must be named by its id where several have its name', () => {
    const there = stored({ accounts: [account('one', 'Acme'), account('two', 'Acme')] });
    expect(plan({ accounts: [{ name: 'Acme' }] }, there).errors).toMatchObject([
      { path: 'accounts[0].name' },
    ]);
  });

  it('stands once in a file, and does not get the id of one that was deleted', () => {
    const accounts = [{ id: 'acme', name: 'Acme' }, { name: 'Acme' }, { id: 'gone', name: 'Gone' }];
    const { errors } = plan({ accounts }, stored({}));
    expect(errors.map(({ path }) => path)).toEqual(['accounts[1]', 'accounts[2].id']);
  });

  it('loses the limits that the file does not name, unless it names none', () => {
    const limited = { ...account('acme', 'Acme'), limits: { webhooks: 5, keys: 7 } };
    const there = stored({ accounts: [limited] });
    expect(planFor({}, there).changes).toBeNull();
    const { changes, summary } = planFor({ limits: { webhooks: 5 } }, there);
    expect(changes?.changed.accounts).toMatchObject([{ id: 'acme', limits: { webhooks: 5 } }]);
    expect(summary.differences[0]?.changes).toEqual([{ field: 'limits.keys', from: 7, to: null }]);
  });

  it('has the times of the file, all of them, unless it names none', () => {
    const keeping = { ...account('acme', 'Acme'), keep: { payloadDays: 7, logDays: 90 } };
    const there = stored({ accounts: [keeping] });
    expect(planFor({}, there).changes).toBeNull();
    const { changes, summary } = planFor({ keep: { logDays: 60 } }, there);
    expect(changes?.changed.accounts).toMatchObject([{ keep: { payloadDays: null, logDays: 60 } }]);
    expect(summary.differences[0]?.changes).toEqual([
      { field: 'keep.payloadDays', from: 7, to: null },
      { field: 'keep.logDays', from: 90, to: 60 },
    ]);
  });

  it('cannot keep contents longer than their entries in the log', () => {
    const { errors } = planFor({ keep: { payloadDays: 401 } }, stored({}));
    expect(errors).toMatchObject([{ path: 'accounts[0].keep.payloadDays' }]);
  });
});

describe('a key', () => {
  it('is known by its hash, and gets another name and other scopes', () => {
    const there = stored({ keys: [{ key: key('key_1', 'acme'), hash: hash('a') }] });
    const keys = [{ name: 'new', scopes: ['webhooks:read'], hash: hash('a') }];
    const { changes } = planFor({ keys }, there);
    expect(changes?.changed.keys).toMatchObject([{ id: 'key_1', name: 'new', scopes: ['webhooks:read'] }]);
    expect(changes?.made.keys).toEqual([]);
  });

  it('is neither taken from somebody nor put in place of another', () => {
    const there = stored({
      keys: [
        { key: key('key_1', 'beta'), hash: hash('a') },
        { key: key('key_2', 'acme'), hash: hash('b') },
        { key: key('key_3', null), hash: hash('c') },
      ],
    });
    const scopes = ['admin'];
    const { errors } = planFor(
      {
        keys: [
          { name: 'x', scopes, hash: hash('a') },
          { name: 'x', scopes, hash: hash('d'), id: 'key_2' },
          { name: 'x', scopes, hash: hash('b'), id: 'key_9' },
          { name: 'x', scopes, hash: hash('c') },
          { name: 'x', scopes, hash: hash('d') },
        ],
      },
      there,
    );
    expect(errors.map(({ path }) => path.replace('accounts[0].', ''))).toEqual([
      'keys[0].hash',
      'keys[1].id',
      'keys[2].id',
      'keys[3].hash',
      'keys[4].hash',
    ]);
  });
});

describe('a number', () => {
  const sender = { id: 'snd_1', accountId: 'acme', product: 'whatsapp', label: null, createdAt: 1 } as const;
  const there = stored({ senders: [{ ...sender, productUniqueId: '919999999999' }] });

  it('is known in any spelling, and gets another label', () => {
    const senders = [{ product: 'whatsapp', productUniqueId: '+91 99999 99999', label: 'Sales' }];
    expect(planFor({ senders }, there).changes?.changed.senders).toMatchObject([
      { id: 'snd_1', label: 'Sales' },
    ]);
  });

  it('stands once in an account, and does not get the id of another', () => {
    const senders = [
      { product: 'whatsapp', productUniqueId: '918888888888', id: 'snd_1' },
      { product: 'whatsapp', productUniqueId: '919999999999', id: 'snd_2' },
      { product: 'whatsapp', productUniqueId: '00919999999999' },
    ];
    const { errors } = planFor({ senders }, there);
    expect(errors.map(({ path }) => path.replace('accounts[0].', ''))).toEqual([
      'senders[0].id',
      'senders[1].id',
      'senders[2].productUniqueId',
    ]);
  });
});

describe('a webhook', () => {
  it('without an id is the one with the same reports at the same URL, in a new version', () => {
    const { changes } = planFor(
      { webhooks: [{ ...smsDlr, description: 'new' }] },
      stored({ webhooks: [sms({ id: 'wh_1', version: 4, failingSince: 5 })] }),
    );
    expect(changes?.made.webhooks).toEqual([]);
    expect(changes?.changed.webhooks).toMatchObject([
      {
        webhook: { id: 'wh_1', version: 5, description: 'new', failingSince: null, updatedAt: now },
        isNewVersion: true,
        isNewStatus: false,
        secrets: null,
      },
    ]);
  });

  it('without an id must be named where several could be meant, but not where the file names them', () => {
    const there = stored({ webhooks: [sms({ id: 'wh_1' }), sms({ id: 'wh_2' })] });
    const { errors } = planFor({ webhooks: [smsDlr] }, there);
    expect(errors).toMatchObject([{ path: 'accounts[0].webhooks[0].url' }]);
    expect(errors[0]?.message).toContain('wh_1, wh_2');
    expect(planFor({ webhooks: [smsDlr, { ...smsDlr, id: 'wh_1' }] }, there).changes).toBeNull();
  });

  it('stays with its account', () => {
    const there = stored({ webhooks: [sms({ id: 'wh_1', accountId: 'beta' })] });
    const { errors } = planFor({ webhooks: [{ ...smsDlr, id: 'wh_1' }] }, there);
    expect(errors).toMatchObject([{ path: 'accounts[0].webhooks[0].id' }]);
  });

  it('that the gateway has disabled is enabled by a file that says so, and by no other', () => {
    const failing = { status: 'disabled', disabledReason: 'failing', failingSince: 5 } as const;
    const there = stored({ webhooks: [sms({ id: 'wh_1', ...failing })] });
    expect(planFor({ webhooks: [smsDlr] }, there).changes).toBeNull();
    const { changes } = planFor({ webhooks: [{ ...smsDlr, status: 'enabled' }] }, there);
    expect(changes?.changed.webhooks).toMatchObject([
      {
        webhook: { status: 'enabled', disabledReason: null, failingSince: null, version: 1 },
        isNewVersion: false,
        isNewStatus: true,
      },
    ]);
  });

  it('is another where its custom parameters have another order', () => {
    const [one, two] = [
      { name: 'one', value: '1' },
      { name: 'two', value: '2' },
    ];
    const there = stored({ webhooks: [sms({ id: 'wh_1', customParameters: [one, two] })] });
    const { summary } = planFor({ webhooks: [{ ...smsDlr, customParameters: [two, one] }] }, there);
    expect(summary.differences[0]?.changes).toEqual([
      { field: 'customParameters', from: 'one, two', to: 'two, one' },
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../core/clock.ts';
import type { Webhook } from '../../core/webhook.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import type {
  Configuration,
  ConfigurationChanges,
  ConfigurationDecision,
  StoredConfiguration,
} from '../ports/configuration.ts';
import type { Account, Directory } from '../ports/directory.ts';
import { at, current, fullWebhook, key, sender, webhook } from './directory/samples.ts';
import { unique } from './samples.ts';

/** A place with what is configured in it, whole or piece by piece. */
export interface ConfiguredPlace {
  readonly directory: Directory;
  read(): Promise<StoredConfiguration>;
  change<T>(now: number, decide: (stored: StoredConfiguration) => ConfigurationDecision<T>): Promise<T>;
  close(): Promise<void>;
}

const nothing: Configuration = { accounts: [], senders: [], keys: [], webhooks: [] };
const unchanged: ConfigurationChanges['changed'] = { accounts: [], senders: [], keys: [], webhooks: [] };
const account = (id: string, parts: Partial<Account> = {}): Account => ({
  ...{ id, name: id, createdAt: at, limits: {}, keep: { payloadDays: null, logDays: null } },
  ...parts,
});

/** What every store does with a configuration as a whole. */
export function configurationConformance(
  name: string,
  open: (place: string, clock: Clock) => Promise<ConfiguredPlace>,
): void {
  describe(`${name}: configuration`, () => {
    let place: ConfiguredPlace;
    beforeEach(async () => {
      place = await open(unique('configuration'), createManualClock());
    });
    afterEach(() => place.close());

    const made: Configuration = {
      accounts: [account('acc_1', { limits: { webhooks: 3 }, keep: { payloadDays: 2, logDays: null } })],
      senders: [sender({ label: 'Orders' })],
      keys: [
        { key: key({ scopes: ['webhooks:read'] }), hash: 'hash-1' },
        { key: key({ id: 'key_2', accountId: null }), hash: 'hash-2' },
      ],
      webhooks: [
        { webhook: fullWebhook, secrets: [current, { secret: 'whsec_old', expiresAt: at + 1_000 }] },
        { webhook: webhook({ id: 'wh_2', status: 'disabled', disabledReason: 'by_user' }), secrets: [] },
      ],
    };
    const make = () => place.change(at, () => ({ changes: { made, changed: unchanged }, result: null }));
    const byId = (webhooks: Configuration['webhooks']) =>
      webhooks.toSorted((a, b) => (a.webhook.id < b.webhook.id ? -1 : 1));

    it('is read as it was made piece by piece, with the ids of what was deleted', async () => {
      const { directory } = place;
      await directory.createAccount(account('acc_1'));
      await directory.createAccount(account('acc_2'));
      await directory.createSender(sender());
      await directory.createKey(key(), 'hash-1');
      await directory.createWebhook(fullWebhook, current);
      await directory.createWebhook(webhook({ id: 'wh_2', accountId: 'acc_2' }), current);
      await directory.deleteAccount('acc_2');
      expect(await place.read()).toEqual({
        accounts: [account('acc_1')],
        senders: [sender()],
        keys: [{ key: key(), hash: 'hash-1' }],
        webhooks: [{ webhook: fullWebhook, secrets: [current] }],
        deleted: { accounts: new Set(['acc_2']), webhooks: new Set(['wh_2']) },
      });
    });

    it('is made as a whole, and given back by the directory', async () => {
      await make();
      const stored = await place.read();
      expect({ ...stored, webhooks: byId(stored.webhooks) }).toEqual({
        ...made,
        deleted: { accounts: new Set(), webhooks: new Set() },
      });
      expect(byId(await place.directory.loadWebhooks())).toEqual(made.webhooks);
      expect(await place.directory.getWebhookVersion('wh_1', 1)).toMatchObject({ url: fullWebhook.url });
      expect((await place.directory.findKeys(['hash-2'])).keys.get('hash-2')).toMatchObject({ id: 'key_2' });
    });

    it('of thousands is made too', async () => {
      const many = Array.from({ length: 1_001 }, (_, i) => account(`acc_${i}`));
      await place.change(at, () => ({
        changes: { made: { ...nothing, accounts: many }, changed: unchanged },
        result: null,
      }));
      expect((await place.read()).accounts).toHaveLength(1_001);
    });

    it('is changed where it is another, with the version of what was sent before', async () => {
      await make();
      await place.directory.saveBreakers({
        opened: ['wh_1', 'wh_2'].map((webhookId) => ({ webhookId, until: at, trips: 1 })),
        closed: [],
      });
      const next: Webhook = { ...fullWebhook, url: 'https://new.example/', version: 2, updatedAt: at + 5 };
      const enabled = webhook({ id: 'wh_2', updatedAt: at + 5 });
      const secrets = [{ secret: 'whsec_new', expiresAt: null }];
      await place.change(at + 5, () => ({
        changes: {
          made: nothing,
          changed: {
            accounts: [account('acc_1', { name: 'Renamed', limits: { keys: 1 } })],
            senders: [sender({ label: null })],
            keys: [key({ name: 'renamed', scopes: [] })],
            webhooks: [
              { webhook: next, isNewVersion: true, isNewStatus: false, secrets },
              { webhook: enabled, isNewVersion: false, isNewStatus: true, secrets: null },
            ],
          },
        },
        result: null,
      }));
      const stored = await place.read();
      expect(stored.accounts).toEqual([account('acc_1', { name: 'Renamed', limits: { keys: 1 } })]);
      expect(stored.senders).toEqual([sender({ label: null })]);
      expect(stored.keys.find(({ hash }) => hash === 'hash-1')?.key).toEqual(
        key({ name: 'renamed', scopes: [] }),
      );
      expect(byId(stored.webhooks).map((each) => each.webhook)).toEqual([next, enabled]);
      expect(await place.directory.getWebhookVersion('wh_1', 1)).toMatchObject({ url: fullWebhook.url });
      expect(await place.directory.getSecrets('wh_1', at + 6)).toEqual(secrets);
      expect(await place.directory.loadOpenBreakers()).toEqual([]);
    });

    it('stays as it is where nothing is to change, and where the decision fails', async () => {
      await make();
      const before = await place.read();
      expect(await place.change(at, () => ({ changes: null, result: 'seen' }))).toBe('seen');
      const fails = (): never => {
        throw new Error('no');
      };
      await expect(place.change(at, fails)).rejects.toThrow('no');
      // The second account is there already, so that the first is not made either.
      const twice = { ...nothing, accounts: [account('acc_0'), account('acc_1')] };
      await expect(
        place.change(at, () => ({ changes: { made: twice, changed: unchanged }, result: null })),
      ).rejects.toThrow();
      expect(await place.read()).toEqual(before);
    });
  });
}

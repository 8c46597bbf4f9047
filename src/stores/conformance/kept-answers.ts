import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testWebhook } from '../../testing/factories.ts';
import type { Directory } from '../ports/directory.ts';
import { type KeptAnswer, keptForMs, mostKept } from '../ports/kept-answers.ts';
import type { OpenDirectory } from './directory.ts';

const at = Date.UTC(2026, 10, 22, 10, 0, 0);
const secret = { secret: 'whsec_first', expiresAt: null };

function answer(parts: Partial<KeptAnswer> = {}): KeptAnswer {
  const location = '/v1/webhooks/wh_1';
  return { scope: 'acc_1', key: 'k', fingerprint: 'f', status: 201, location, body: '{}', at, ...parts };
}

/** What every store's directory does with the answers that it keeps. */
export function keptAnswersConformance(name: string, open: () => Promise<OpenDirectory>): void {
  describe(`${name}: kept answers`, () => {
    let directory: Directory;
    let dispose: () => Promise<void>;
    const find = (scope: string, key: string, since = 0) => directory.keptAnswers.find(scope, key, since);

    beforeEach(async () => {
      ({ directory, dispose } = await open());
      await directory.createAccount({ id: 'acc_1', name: 'Asha Retail', createdAt: at });
    });
    afterEach(() => dispose());

    it('are found by account and key, as long as they are not too old', async () => {
      await directory.keptAnswers.keep(answer());
      await directory.keptAnswers.keep(answer({ scope: '', body: null, location: null }));
      expect(await find('acc_1', 'k')).toEqual(answer());
      expect(await find('', 'k')).toEqual(answer({ scope: '', body: null, location: null }));
      expect(await find('acc_1', 'K')).toBeNull();
      expect(await find('acc_2', 'k')).toBeNull();
      expect(await find('acc_1', 'k', at - 1)).toEqual(answer());
      expect(await find('acc_1', 'k', at)).toBeNull();
    });

    it('are kept with what is created, and not where nothing is', async () => {
      const made = testWebhook({ id: 'wh_1', accountId: 'acc_1' });
      const key = { id: 'key_1', accountId: 'acc_1', name: 'a', scopes: [], createdAt: at };
      const sender = {
        id: 'snd_1',
        accountId: 'acc_1',
        product: 'whatsapp',
        productUniqueId: '9',
        label: null,
      } as const;
      const operatorKey = { ...key, id: 'key_2', accountId: null };
      await directory.createAccount({ id: 'acc_2', name: 'B', createdAt: at }, answer({ key: 'account' }));
      await directory.createWebhook(made, secret, 1, answer({ key: 'webhook' }));
      await directory.createKey(key, 'hash', 1, answer({ key: 'key' }));
      await directory.createKey(operatorKey, 'hash 2', null, answer({ key: 'operator' }));
      await directory.createSender({ ...sender, createdAt: at }, 2, answer({ key: 'sender' }));
      for (const each of ['account', 'webhook', 'key', 'operator', 'sender'])
        expect(await find('acc_1', each)).toEqual(answer({ key: each }));

      const none = answer({ key: 'none' });
      await directory.createAccount({ id: 'acc_2', name: 'B', createdAt: at }, none);
      await directory.createWebhook({ ...made, id: 'wh_2' }, secret, 1, none);
      await directory.createKey({ ...key, id: 'key_3' }, 'hash 3', 1, none);
      await directory.createSender({ ...sender, id: 'snd_2', createdAt: at }, 2, none);
      expect(await find('acc_1', 'none')).toBeNull();
    });

    it('of a day and of a thousand calls are kept, the latest of them', async () => {
      for (let i = 0; i <= mostKept.ofAccount; i++)
        await directory.keptAnswers.keep(answer({ key: `k${i}`, at: at + i }));
      expect(await find('acc_1', 'k0')).toBeNull();
      expect(await find('acc_1', 'k1')).not.toBeNull();
      await directory.keptAnswers.keep(answer({ scope: '', at: at + keptForMs + 500 }));
      expect(await find('acc_1', 'k500')).toBeNull();
      expect(await find('acc_1', 'k501')).not.toBeNull();
    });

    it('are forgotten when they are too old', async () => {
      await directory.keptAnswers.keep(answer());
      await directory.keptAnswers.keep(answer({ key: 'later', at: at + 1 }));
      await directory.keptAnswers.forget(at);
      expect(await find('acc_1', 'k')).toBeNull();
      expect(await find('acc_1', 'later')).not.toBeNull();
    });

    it('are forgotten however many are too old', async () => {
      for (let i = 0; i < 1_200; i++)
        await directory.keptAnswers.keep(answer({ scope: '', key: `k${i}`, at: at + (i < 1_100 ? 0 : 1) }));
      await directory.keptAnswers.forget(at);
      const left = await Promise.all([0, 600, 1_099, 1_100, 1_199].map((i) => find('', `k${i}`)));
      expect(left.map((found) => found !== null)).toEqual([false, false, false, true, true]);
    });

    it('go with their account', async () => {
      await directory.keptAnswers.keep(answer());
      await directory.deleteAccount('acc_1');
      expect(await find('acc_1', 'k')).toBeNull();
    });
  });
}

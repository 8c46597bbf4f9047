import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { type LeftToReseal, type ResealParts, resealAll } from '../../upkeep/reseal-all.ts';
import type { Directory } from '../ports/directory.ts';
import type { Sealing } from '../ports/sealing.ts';
import { type Cipher, createCipher } from '../secrets/cipher.ts';
import { deriveKey } from '../secrets/master-key.ts';
import { unique } from './samples.ts';

/** What of a store has to do with what is sealed in it. */
export interface SealedStore {
  readonly directory: Directory;
  readonly sealing: Sealing;
  /** The key that phone numbers are hashed with; see `stores/sql/sealing/gateway-secrets.ts`. */
  readonly numberKey: () => Promise<Uint8Array>;
  close(): Promise<void>;
}

const key = (): string => randomBytes(32).toString('base64');
const [first, second] = [key(), key()];

/**
 * What every store does with master keys.
 * @param open a place that is empty when it is new
 */
export function sealingConformance(
  name: string,
  open: (place: string, cipher: Cipher, clock: { now(): number }) => Promise<SealedStore>,
): void {
  describe(`${name}: sealing everything anew`, () => {
    const clock = createManualClock();
    let place: string;
    beforeEach(() => {
      place = unique('sealing');
    });

    async function withStore<T>(
      keys: readonly [string, ...string[]],
      use: (store: SealedStore) => Promise<T>,
    ): Promise<T> {
      const [current, ...previous] = keys;
      const store = await open(place, createCipher(current, previous), clock);
      try {
        await store.sealing.check();
        await store.sealing.begin(clock.now());
        return await use(store);
      } finally {
        await store.close();
      }
    }

    function parts(store: SealedStore, rest: () => Promise<void> = async () => {}): ResealParts {
      return {
        ...{ sealing: store.sealing, rest, isStopped: () => false, onStatus: () => {}, tell: () => {} },
        allSealWithIt: async () => true,
        log: { info: () => {}, warn: () => {} },
      };
    }

    /** What is told of a change of keys, besides its result. */
    function told() {
      const words: string[] = [];
      const statuses: LeftToReseal[] = [];
      const say = (_: object, message: string): void => void words.push(message);
      const onStatus = (status: LeftToReseal): void => void statuses.push(status);
      return { words, statuses, parts: { onStatus, log: { info: say, warn: say } } };
    }

    const header = (value: string) => ({ customHeaders: [{ name: 'X-Key', value }] });

    async function makeWebhooks({ directory }: SealedStore, count: number): Promise<void> {
      await directory.createAccount({ id: 'acme', name: 'Acme', createdAt: 1 });
      for (let n = 0; n < count; n++) {
        const webhook = testWebhook({ id: `wh_${n}`, accountId: 'acme', ...header(`header ${n}`) });
        await directory.createWebhook(webhook, { secret: `secret ${n}`, expiresAt: null });
      }
    }

    async function makeAnother({ directory }: SealedStore): Promise<void> {
      const webhook = testWebhook({ id: 'wh_another', accountId: 'acme', ...header('another') });
      await directory.createWebhook(webhook, { secret: 'another secret', expiresAt: null });
    }

    it('opens old versions, earlier secrets and deleted webhooks with the new key alone', async () => {
      await withStore([first], async (store) => {
        await makeWebhooks(store, 3);
        const { directory } = store;
        await directory.replaceWebhook('wh_0', testWebhook(header('changed')), 10);
        await directory.rotateSecret('wh_1', 'another secret', 10, 1_000);
        await directory.deleteWebhook('wh_2', 20);
      });
      await withStore([second, first], async (store) => {
        expect(await resealAll(parts(store))).toMatchObject({
          done: 8,
          left: 0,
          retired: [expect.any(String)],
        });
        expect(await resealAll(parts(store))).toMatchObject({ done: 0, left: 0, retired: [] });
      });
      await withStore([second], async ({ directory }) => {
        expect((await directory.getWebhook('wh_0'))?.customHeaders).toEqual(header('changed').customHeaders);
        expect((await directory.getWebhookVersion('wh_0', 1))?.customHeaders).toEqual(
          header('header 0').customHeaders,
        );
        const history = await directory.getSecretHistory('wh_1');
        expect(history.map(({ secret }) => secret)).toEqual(['another secret', 'secret 1']);
        const restored = await directory.restoreWebhook('wh_2', 0, 30);
        expect(restored).toMatchObject(header('header 2'));
        expect(await directory.getSecrets('wh_2', 30)).toEqual([{ secret: 'secret 2', expiresAt: null }]);
      });
      await expect(withStore([first], async () => {})).rejects.toMatchObject({ code: 'wrong_master_key' });
    });

    it('loses nothing that is changed between two steps, or between reading and writing', async () => {
      await withStore([first], (store) => makeWebhooks(store, 250));
      await withStore([second, first], async (store) => {
        const { directory, sealing } = store;
        // They are asked for before the step can write what it has read.
        const racing: ResealParts['sealing'] = {
          ...sealing,
          step(from, reseal) {
            const step = sealing.step(from, reseal);
            if (reseal && from === null) {
              const rotated = directory.rotateSecret('wh_1', 'rotated', 100, 100);
              changes.push(rotated.then(() => directory.rotateSecret('wh_1', 'rotated again', 101, 101)));
              changes.push(directory.replaceWebhook('wh_2', testWebhook(header('changed')), 100));
            }
            return step;
          },
        };
        const changes: Promise<unknown>[] = [];
        await resealAll({ ...parts(store), sealing: racing });
        await Promise.all(changes);
      });
      await withStore([second], async ({ directory }) => {
        const history = await directory.getSecretHistory('wh_1');
        // What had expired was wiped, and stays wiped.
        expect(history.map(({ secret }) => secret)).toEqual(['rotated again', null, null]);
        expect((await directory.getWebhook('wh_2'))?.customHeaders).toEqual(header('changed').customHeaders);
        const loaded = await directory.loadWebhooks();
        expect(loaded.length).toBe(250);
      });
    });

    it('goes on where it was stopped', async () => {
      await withStore([first], (store) => makeWebhooks(store, 250));
      const all = 500;
      const done = await withStore([second, first], async (store) => {
        let rests = 0;
        const isStopped = (): boolean => rests >= 3;
        return await resealAll({ ...parts(store, async () => void rests++), isStopped });
      });
      expect(done.done).toBeGreaterThan(0);
      expect(done.retired).toEqual([]);
      await withStore([second, first], async (store) => {
        expect((await store.sealing.keys()).others).toEqual([{ id: expect.any(String), isAtHand: true }]);
        expect(await resealAll(parts(store))).toMatchObject({ done: all - done.done, left: 0 });
      });
      await withStore([second], async ({ directory }) => {
        expect(await directory.loadWebhooks()).toHaveLength(250);
      });
    });

    it('says what it could not read, and keeps the note of the key that is missing', async () => {
      const third = key();
      await withStore([first], (store) => makeWebhooks(store, 2));
      await withStore([second, first], async ({ directory }) => {
        await directory.replaceWebhook('wh_0', testWebhook(header('changed')), 10);
      });
      await withStore([third, second], async (store) => {
        const warnings: object[] = [];
        const log = { info: () => {}, warn: (details: object) => void warnings.push(details) };
        // Two secrets and two first versions are sealed with a key that is not there.
        expect(await resealAll({ ...parts(store), log })).toMatchObject({ done: 1, left: 4 });
        expect(warnings).toEqual([{ owners: ['wh_0', 'wh_1'] }, { owners: ['wh_0', 'wh_1'] }]);
        expect((await store.sealing.keys()).others).toEqual([{ id: expect.any(String), isAtHand: false }]);
      });
      await withStore([third, first], async (store) => {
        expect(await resealAll(parts(store))).toMatchObject({ done: 4, left: 0 });
      });
    });

    it('does nothing with a key that is not the current one any more, and names that one', async () => {
      await withStore([first], async (old) => {
        await makeWebhooks(old, 2);
        await withStore([second, first], async (renewed) => {
          const { words, statuses, parts: telling } = told();
          const result = await resealAll({ ...parts(old), ...telling });
          expect(result).toEqual({ done: 0, left: 0, retired: [], isWaiting: true });
          expect(statuses).toEqual([{ otherKeyIds: [deriveKey(second).id], left: null }]);
          expect(words).toEqual([]);
          expect(await resealAll(parts(renewed))).toMatchObject({ done: 4, retired: [deriveKey(first).id] });
        });
      });
    });

    it('leaves a key as long as another process may seal with it, and what that sealed opens afterwards', async () => {
      const of = deriveKey(first).id;
      await withStore([first], async (old) => {
        await makeWebhooks(old, 2);
        await withStore([second, first], async (renewed) => {
          const { words, statuses, parts: telling } = told();
          const beside = { ...parts(renewed), ...telling, allSealWithIt: async () => false };
          expect(await resealAll(beside)).toEqual({ done: 0, left: 0, retired: [], isWaiting: true });
          expect(statuses).toEqual([{ otherKeyIds: [of], left: null }]);
          expect(words).toEqual([]);
          await old.directory.rotateSecret('wh_1', 'sealed by the old one', 10, 1_000);
          expect(await resealAll(parts(renewed))).toMatchObject({ done: 5, left: 0, retired: [of] });
        });
      });
      await withStore([second], async ({ directory }) => {
        const history = await directory.getSecretHistory('wh_1');
        expect(history.map(({ secret }) => secret)).toEqual(['sealed by the old one', 'secret 1']);
      });
    });

    it('leaves a key that a process came with meanwhile, whether it was heard of or has made it the current one', async () => {
      const of = deriveKey(first).id;
      await withStore([first], (store) => makeWebhooks(store, 2));
      await withStore([second, first], async (store) => {
        const { words, statuses, parts: telling } = told();
        const answers = [true, false];
        const allSealWithIt = async () => answers.shift() ?? false;
        const heardOf = await resealAll({ ...parts(store), ...telling, allSealWithIt });
        expect(heardOf).toEqual({ done: 4, left: 0, retired: [], isWaiting: true });
        let hasCome = false;
        async function come(): Promise<void> {
          if (!hasCome) await withStore([first, second], (other) => makeAnother(other));
          hasCome = true;
        }
        const begun = await resealAll({ ...parts(store, come), ...telling });
        expect(begun).toMatchObject({ retired: [], isWaiting: true });
        expect(statuses.at(-1)).toMatchObject({ otherKeyIds: [of] });
        expect(words).toEqual([]);
        expect((await store.sealing.keys()).others).toEqual([{ id: of, isAtHand: true }]);
      });
    });

    it('refuses another key also where there is no webhook yet', async () => {
      await withStore([first], async () => {});
      await expect(withStore([second], async () => {})).rejects.toMatchObject({ code: 'wrong_master_key' });
      await withStore([second, first], async () => {});
    });

    it('leaves the key of phone numbers as it is, under every master key', async () => {
      const made = await withStore([first], (store) => store.numberKey());
      await withStore([second, first], async (store) => {
        expect(await store.numberKey()).toEqual(made);
        expect(await resealAll(parts(store))).toMatchObject({ done: 1, left: 0 });
      });
      expect(await withStore([second], (store) => store.numberKey())).toEqual(made);
    });
  });
}

import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../ports/directory.ts';
import { at, current, webhook } from './samples.ts';

/** What signs the requests of a webhook. */
export function describeSigningSecrets(open: () => Directory): void {
  describe('signing secrets', () => {
    const hour = 3_600_000;

    beforeEach(() => open().createWebhook(webhook(), current));

    it('overlap after a rotation until the old one expires', async () => {
      const rotated = await open().rotateSecret('wh_1', 'whsec_second', at, at + hour);
      expect(rotated).toEqual([
        { secret: 'whsec_second', expiresAt: null },
        { secret: 'whsec_first', expiresAt: at + hour },
      ]);
      expect(await open().getSecrets('wh_1', at + hour - 1)).toEqual(rotated);
      expect(await open().getSecrets('wh_1', at + hour)).toEqual(rotated.slice(0, 1));
      expect((await open().loadWebhooks())[0]?.secrets).toEqual(rotated);
    });

    it('are loaded with their webhook, of all webhooks or of those that are asked for', async () => {
      await open().createWebhook(webhook({ id: 'wh_2' }), { secret: 'whsec_of_2', expiresAt: null });
      await open().createWebhook(webhook({ id: 'wh_3' }), { secret: 'whsec_of_3', expiresAt: null });
      await open().rotateSecret('wh_2', 'whsec_second_of_2', at, at + hour);
      await open().deleteWebhook('wh_3', at);
      const loaded = await open().loadWebhooks();
      expect(loaded.map((each) => each.webhook.id)).toEqual(['wh_1', 'wh_2']);
      expect(await open().loadWebhooks(['wh_2', 'wh_3', 'wh_none'])).toEqual(loaded.slice(1));
      expect(loaded[1]?.secrets).toHaveLength(2);
      expect(await open().loadWebhooks([])).toEqual([]);
    });

    it('are never made to live longer by a further rotation', async () => {
      await open().rotateSecret('wh_1', 'whsec_second', at, at + hour);
      expect(await open().rotateSecret('wh_1', 'whsec_third', at + 1, at + 24 * hour)).toEqual([
        { secret: 'whsec_third', expiresAt: null },
        { secret: 'whsec_second', expiresAt: at + 24 * hour },
        { secret: 'whsec_first', expiresAt: at + hour },
      ]);
    });

    it('end at once when a rotation asks for no overlap', async () => {
      await open().rotateSecret('wh_1', 'whsec_second', at, at + hour);
      const only = [{ secret: 'whsec_third', expiresAt: null }];
      expect(await open().rotateSecret('wh_1', 'whsec_third', at, at)).toEqual(only);
      expect(await open().getSecrets('wh_1', 0)).toEqual(only);
    });

    it('do not exist for a webhook that does not', async () => {
      expect(await open().getSecrets('wh_9', at)).toEqual([]);
      expect(await open().rotateSecret('wh_9', 'whsec_second', at, at)).toEqual([]);
    });

    it('belong to one webhook', async () => {
      await open().createWebhook(webhook({ id: 'wh_2' }), { secret: 'whsec_two', expiresAt: null });
      await open().rotateSecret('wh_2', 'whsec_two_b', at, at);
      expect(await open().getSecrets('wh_1', at)).toEqual([current]);
    });

    it('change nothing else about the webhook', async () => {
      await open().rotateSecret('wh_1', 'whsec_second', at + 9, at + hour);
      expect(await open().getWebhook('wh_1')).toEqual(webhook());
    });
  });
}

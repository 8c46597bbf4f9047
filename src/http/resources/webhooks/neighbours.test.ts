import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusMeaning } from '../../../core/status.ts';
import type { Webhook } from '../../../core/webhook.ts';
import { testSettings, testWebhook } from '../../../testing/factories.ts';
import { createNeighboursOf, mostNeighbours } from './neighbours.ts';

function webhook(i: number, statuses: readonly string[] | null, number: string | null = null): Webhook {
  return testWebhook({
    ...{ id: `wh_${i}`, product: 'whatsapp', productUniqueId: number, url: `https://example.com/${i % 3}` },
    settings: { ...testSettings, statuses },
  });
}

const statuses = fc.option(
  fc.uniqueArray(fc.constantFrom('sent', 'Delivered', 'DELIVRD', 'read', 'failed', 'UNDELIV'), {
    minLength: 1,
  }),
);

describe('the neighbours of a webhook', () => {
  it('are those that want a status that it wants, by its meaning, as if each were compared with each', () => {
    const meanings = (of: readonly string[]) => new Set(of.map((each) => statusMeaning('whatsapp', each)));
    const some = fc.array(fc.tuple(statuses, fc.constantFrom(null, '911', '+911', '922')), { maxLength: 12 });
    fc.assert(
      fc.property(some, (all) => {
        const webhooks = all.map(([wanted, number], i) => webhook(i, wanted, number));
        const find = createNeighboursOf(webhooks);
        for (const one of webhooks) {
          const others = webhooks.filter(({ id, settings }) => {
            const [a, b] = [one.settings.statuses, settings.statuses];
            return id !== one.id && (!a || !b || [...meanings(a)].some((each) => meanings(b).has(each)));
          });
          const digits = ({ productUniqueId }: Webhook) => productUniqueId?.replace('+', '') ?? null;
          const { same, beside } = find(one, one.id);
          expect(new Set(same)).toEqual(
            new Set(others.filter((each) => each.url === one.url && digits(each) === digits(one))),
          );
          expect(new Set(beside)).toEqual(
            new Set(others.filter((each) => (digits(each) === null) !== (digits(one) === null))),
          );
        }
      }),
    );
  });

  it('are looked for until there are many, so that a page of an account with thousands costs little', () => {
    const many = Array.from({ length: 4_000 }, (_, i) =>
      webhook(i, i % 4 < 2 ? Array.from({ length: 50 }, (_, k) => `s${i}x${k}`) : null, i % 2 ? '911' : null),
    );
    const find = createNeighboursOf(many);
    const before = process.threadCpuUsage();
    for (const one of many.slice(0, 500)) {
      const { beside } = find(one, one.id);
      expect(beside).toHaveLength(mostNeighbours);
    }
    const { user, system } = process.threadCpuUsage(before);
    // Each compared with each took 4 s. CPU, not wall time: other work does not count.
    expect((user + system) / 1000).toBeLessThan(1_000);
  });
});

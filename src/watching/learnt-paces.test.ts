import { expect, it } from 'vitest';
import { createWebhookRegistry } from '../routing/registry.ts';
import { testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createLearntPaces } from './learnt-paces.ts';

it('what was learnt of an endpoint is kept until it is forgotten, or its webhook is changed or deleted', () => {
  const clock = createManualClock();
  const registry = createWebhookRegistry();
  const paces = createLearntPaces({ registry, clock });
  const webhook = testWebhook({ version: 1 });
  const changed = { ...webhook, version: 2 };
  const learn = () => paces.paceLearnt(webhook.id, 9.5);
  registry.put({ webhook, secrets: [] });
  expect(paces.of(webhook)).toBeNull();
  learn();
  expect(paces.of(webhook)).toEqual({ perSecond: 9.5, at: clock.now() });
  registry.put({ webhook: { ...webhook, failingSince: 1 }, secrets: [] });
  expect(paces.of(webhook)).not.toBeNull();
  paces.paceLearnt(webhook.id, null);
  expect(paces.of(webhook)).toBeNull();

  learn();
  expect(paces.of(changed)).toBeNull();
  registry.put({ webhook: changed, secrets: [] });
  expect(paces.of(webhook)).toBeNull();
  learn();
  expect(paces.of(changed)).not.toBeNull();
  registry.remove(webhook.id);
  learn();
  expect(paces.of(changed)).toBeNull();
});

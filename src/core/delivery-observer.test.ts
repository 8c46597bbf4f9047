import { expect, it } from 'vitest';
import { type DeliveryObserver, tellAll } from './delivery-observer.ts';

it('every observer hears in order of what it cares about, and of nothing else', () => {
  const heard: string[] = [];
  const first: DeliveryObserver = {
    skipped: (...event) => heard.push(`first ${event.join(' ')}`),
    breakerChanged: (webhookId) => heard.push(`first ${webhookId}`),
  };
  const second: DeliveryObserver = { skipped: (...event) => heard.push(`second ${event.join(' ')}`) };
  const all = tellAll([first, {}, second]);
  all.skipped('wh_1', 'webhook_deleted', 3);
  all.breakerChanged('wh_1', null);
  all.healthChanged('wh_1', { kind: 'failing', since: 1 });
  expect(heard).toEqual(['first wh_1 webhook_deleted 3', 'second wh_1 webhook_deleted 3', 'first wh_1']);
});

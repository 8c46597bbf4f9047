import { HookwireError } from '../../core/errors.ts';
import type { Services } from '../services.ts';
import type { Things } from './reach.ts';
import { findable, type Whose } from './whose.ts';

export function deliveriesOf(
  { history, directory, delivery: sending }: Services,
  whose: Whose,
): Things['deliveries'] {
  return {
    ...findable('delivery', async (id) => {
      const delivery = await history.getDelivery(id, whose.accountId);
      if (!delivery || !whose.includes(delivery.event.accountId)) return null;
      const { webhookId } = delivery;
      return {
        delivery,
        async replay() {
          if (!(await directory.getWebhook(webhookId)))
            throw new HookwireError('conflict', `Its webhook "${webhookId}" was deleted.`);
          await sending.replay({ id: delivery.id, webhookId });
        },
        webhookVersion: (version) => directory.getWebhookVersion(webhookId, version),
        secretHistory: () => directory.getSecretHistory(webhookId),
      };
    }),
    list: (filter, page) => history.listDeliveries({ ...filter, accountId: whose.accountId }, page),
  };
}

export function eventsOf({ history, directory, events }: Services, whose: Whose): Things['events'] {
  const { accountId } = whose;
  return {
    ...findable('event', async (id) => {
      const stored = await history.getEvent(id, accountId);
      if (!stored || !whose.includes(stored.event.accountId)) return null;
      const { event, acceptedAt } = stored;
      return {
        stored,
        routedWebhooks: (deletedLatelyMs) =>
          directory.routedWebhooks(event.accountId, acceptedAt, acceptedAt - deletedLatelyMs),
      };
    }),
    search: (filter, page) => history.findEvents({ ...filter, accountId }, page),
    receive: (items) => events.receive(items, { accountId }),
    refusal: () => (accountId === null ? null : events.refusal(accountId)),
  };
}

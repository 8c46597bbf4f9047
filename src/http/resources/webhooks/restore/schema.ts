import { closed, component, nullableText } from '../../../shapes/schema.ts';
import { webhook } from '../schema.ts';

export const restoredWebhook = closed(
  {
    webhook,
    taskId: nullableText({
      description:
        'The task that sends what was skipped because of the deletion; `null` where there is nothing to send, or where `note` says why not.',
    }),
    note: nullableText({ description: 'For people; `null`: nothing to add.' }),
  },
  component('RestoredWebhook', 'A webhook whose deletion was taken back.'),
);

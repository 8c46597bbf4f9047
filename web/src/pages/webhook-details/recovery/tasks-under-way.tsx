import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isUnderWay, tasksQuery } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';

import { tasksOf } from './tasks.ts';
import { WebhookTask } from './webhook-task.tsx';

/** What is being sent again right now, wherever on the page one is. */
export function TasksUnderWay({ webhook }: { readonly webhook: Webhook }) {
  const { data } = useQuery(tasksQuery(webhook.accountId));
  const tasks = tasksOf(data?.data ?? [], webhook.id).filter(isUnderWay);
  if (tasks.length === 0) return null;
  return (
    <Stack gap="xs" mb="md">
      {tasks.map((task) => (
        <WebhookTask key={task.id} task={task} />
      ))}
    </Stack>
  );
}

import { Text } from '@mantine/core';
import { isUnderWay, type Task } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';
import { Instant } from '../../../ui/instant.tsx';
import { TaskProgress } from '../../../ui/task-progress.tsx';
import { standsStill } from './tasks.ts';

export interface WebhookTaskProps {
  readonly task: Task;
  readonly webhook: Webhook;
}

/** How far a task of a webhook is, what it is about, and what holds it up. */
export function WebhookTask({ task, webhook }: WebhookTaskProps) {
  const { from, to } = task.filter;
  const held = isUnderWay(task) ? standsStill(webhook) : null;
  return (
    <TaskProgress taskId={task.id}>
      {held && <Text size="sm">{held}</Text>}
      <Text size="xs" className="muted" component="div">
        What {task.states.join(' or was ')} of what was accepted
        {from && (
          <>
            {' '}
            since <Instant at={from} />
          </>
        )}
        {to && (
          <>
            {' '}
            until <Instant at={to} />
          </>
        )}
        ; asked for <Instant at={task.createdAt} />.
      </Text>
    </TaskProgress>
  );
}

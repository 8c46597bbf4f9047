import { Text } from '@mantine/core';
import type { Task } from '../../../api/tasks.ts';
import { Instant } from '../../../ui/instant.tsx';
import { TaskProgress } from '../../../ui/task-progress.tsx';

const wording: { readonly [S in Task['states'][number]]: string } = {
  failed: 'failed',
  skipped: 'was skipped',
  delivered: 'was delivered',
};

/** How far a task of a webhook is, and what it is about. */
export function WebhookTask({ task }: { readonly task: Task }) {
  const { from, to } = task.filter;
  return (
    <TaskProgress taskId={task.id}>
      <Text size="xs" className="muted" component="div">
        What {task.states.map((state) => wording[state]).join(' or ')} of what was accepted
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

import { Button, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelTask, isUnderWay, type Task } from '../../../api/tasks.ts';
import type { Webhook } from '../../../api/webhooks.ts';
import { Instant } from '../../../ui/instant.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { percentOf, taskWords } from './tasks.ts';

export interface TaskProgressProps {
  readonly task: Task;
  readonly webhook: Webhook;
}

const colours: { readonly [S in Task['state']]: string } = {
  collecting: 'wire',
  running: 'wire',
  done: 'teal',
  cancelled: 'gray',
  failed: 'red',
};

/** How far a task is, with a way to stop it. */
export function TaskProgress({ task, webhook }: TaskProgressProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => cancelTask(task.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['tasks', task.accountId] }),
  });
  const under = isUnderWay(task);
  const percent = percentOf(task);
  const words = taskWords(task, webhook);
  const { from, to } = task.filter;
  return (
    <Card withBorder padding="sm">
      <Stack gap={6}>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Text size="sm" fw={under ? 600 : 400} role={under ? 'status' : undefined}>
            {under && 'Sending again: '}
            {words}
          </Text>
          {under && (
            <Button
              size="compact-xs"
              variant="default"
              loading={isPending}
              onClick={() => mutate()}
              flex="none"
            >
              Cancel
            </Button>
          )}
        </Group>
        {under && (
          <Progress.Root size="md">
            <Progress.Section
              value={percent ?? 100}
              color={colours[task.state]}
              animated={percent === null}
              striped={percent === null}
              aria-label="Sending again"
              aria-valuetext={words}
            />
          </Progress.Root>
        )}
        <Text size="xs" className="muted" component="div">
          {task.states.join(', ')} deliveries
          {from && (
            <>
              {' '}
              accepted since <Instant at={from} />
            </>
          )}
          {to && (
            <>
              {' '}
              until <Instant at={to} />
            </>
          )}
          {' · '}asked for <Instant at={task.createdAt} />
        </Text>
        {error && <ProblemNotice error={error} />}
      </Stack>
    </Card>
  );
}

import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { cancelTask, isUnderWay, type Task, taskQuery } from '../api/tasks.ts';
import { Loading } from './loading.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { problemInBrief } from './problem-words.ts';
import { taskCounts, taskPercent, taskTitle } from './task-words.ts';

export interface TaskProgressProps {
  readonly taskId: string;
  /** The notice is put away: offered once the task has ended. */
  readonly onDismiss?: () => void;
  /** What else belongs to it. */
  readonly children?: ReactNode;
}

/** How far a replay of many deliveries is; it can be cancelled. */
export function TaskProgress({ taskId, onDismiss, children }: TaskProgressProps) {
  const { data: task, error, refetch } = useQuery(taskQuery(taskId));
  if (!task)
    return error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <Loading rows={2} />;
  return (
    <Paper withBorder p="md" component="section" aria-label={`Replay ${taskId}`}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Text fw={600} role="status">
              {taskTitle(task)}
            </Text>
            <Text size="sm" className="muted">
              {taskCounts(task)}
            </Text>
          </div>
          <Group gap="xs">
            {isUnderWay(task) && <Cancel task={task} />}
            {!isUnderWay(task) && onDismiss && (
              <Button size="xs" variant="default" onClick={onDismiss}>
                Put away
              </Button>
            )}
          </Group>
        </Group>
        <Bar task={task} />
        {task.state === 'running' && (
          <Text size="xs" className="muted">
            It stands still where a webhook is disabled or its endpoint fails, and goes on by itself.
          </Text>
        )}
        {children}
      </Stack>
    </Paper>
  );
}

const colours: { readonly [S in Task['state']]: string } = {
  waiting: 'gray',
  collecting: 'gray',
  running: 'wire',
  done: 'teal',
  cancelled: 'gray',
  failed: 'red',
};

function Bar({ task }: { readonly task: Task }) {
  const percent = taskPercent(task);
  const counting = percent === null;
  return (
    <Progress.Root size="md">
      <Progress.Section
        value={percent ?? 100}
        color={colours[task.state]}
        striped={counting}
        animated={counting}
        aria-label={counting ? 'Counting' : taskCounts(task)}
      />
    </Progress.Root>
  );
}

function Cancel({ task }: { readonly task: Task }) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => cancelTask(task.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['task', task.id] }),
  });
  return (
    <>
      {error && (
        <Text size="sm" role="alert">
          {problemInBrief(error)}
        </Text>
      )}
      <Button size="xs" variant="default" loading={isPending} onClick={() => mutate()}>
        Cancel
      </Button>
    </>
  );
}

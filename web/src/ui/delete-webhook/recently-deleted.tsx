import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { stillUndoable, timeLeft, useDeleted } from './deleted.ts';
import { useRestore } from './use-restore.ts';

/** The way back to what was deleted in this tab, for as long as there is one. */
export function RecentlyDeleted({ accountId }: { readonly accountId: string }) {
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 15_000, { autoInvoke: true });
  const deleted = stillUndoable(useDeleted(), now).filter((one) => one.accountId === accountId);
  const restore = useRestore();
  if (deleted.length === 0) return null;
  return (
    <Alert color="gray" variant="light" title="Recently deleted" mb="md">
      <Stack gap="xs" component="ul" style={{ listStyle: 'none' }} p={0} m={0}>
        {deleted.map((one) => (
          <Group key={one.id} component="li" justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm" lineClamp={2}>
              {one.kind} <span className="exact">{one.url}</span>{' '}
              <span className="muted">· can be undone for {timeLeft(one, now)}</span>
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              flex="none"
              loading={restore.isPending && restore.variables === one.id}
              aria-label={`Undo the delete of ${one.url}`}
              onClick={() => restore.mutate(one.id)}
            >
              Undo
            </Button>
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}

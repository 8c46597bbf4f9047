import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do about it: a button or a link. */
  readonly action?: ReactNode;
}

/** In place of a list that has nothing to show. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="sm" py={48} px="md" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children !== undefined && (
        <Text className="muted" maw={520} component="div">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}

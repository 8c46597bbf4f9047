import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './entry.module.css';

export interface EntryFrameProps {
  readonly title: string;
  /** What the page is for. */
  readonly about?: ReactNode;
  readonly children?: ReactNode;
  /** Below the card: where else to go. */
  readonly below?: ReactNode;
}

/** The pages before signing in: one card. */
export function EntryFrame({ title, about, children, below }: EntryFrameProps) {
  useEffect(() => {
    document.title = `${title} · Hookwire`;
  }, [title]);
  return (
    <main className={classes.page}>
      <Stack className={classes.column} gap="lg">
        <Group gap={10} justify="center">
          <img src="/favicon.svg" width={32} height={32} alt="" />
          <Text fw={700} size="lg">
            Hookwire
          </Text>
        </Group>
        <Paper withBorder shadow="sm" radius="lg" p={{ base: 'lg', xs: 'xl' }} className={classes.card ?? ''}>
          <Stack gap="md">
            <Stack gap={4}>
              <Title order={1} size="h3">
                {title}
              </Title>
              {about !== undefined && (
                <Text className="muted" size="sm" component="div">
                  {about}
                </Text>
              )}
            </Stack>
            {children}
          </Stack>
        </Paper>
        {below !== undefined && (
          <Text size="sm" ta="center" className="muted" component="div">
            {below}
          </Text>
        )}
      </Stack>
    </main>
  );
}

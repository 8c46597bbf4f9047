import { Container, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ProblemNotice } from '../ui/problem-notice.tsx';

/** Shown in place of a page that could not be made. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Container size="sm" py="xl">
      <Title order={1} mb="md">
        This page could not be shown
      </Title>
      <ProblemNotice error={error} onRetry={reset} />
    </Container>
  );
}

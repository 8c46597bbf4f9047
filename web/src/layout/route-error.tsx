import { Container, Title } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ProblemNotice } from '../ui/problem-notice.tsx';

/** Shown in place of a page that could not be made. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  function tryAgain() {
    reset();
    void router.invalidate();
  }
  return (
    <Container size="sm" py="xl">
      <Title order={1} size="h2" mb="md">
        This page could not be shown
      </Title>
      <ProblemNotice error={error} onRetry={tryAgain} />
    </Container>
  );
}

/** The same where there is nothing around it. */
export function WholePageError(props: ErrorComponentProps) {
  return (
    <main>
      <RouteError {...props} />
    </main>
  );
}

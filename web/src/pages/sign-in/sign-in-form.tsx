import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import { ApiError, problemOf } from '../../api/problem.ts';
import { signIn } from '../../api/session.ts';
import type { Session } from '../../session/session.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export function SignInForm({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? 'Type your e-mail address.' : null),
      password: (value) => (value === '' ? 'Type your password.' : null),
    },
  });
  const { onSubmit, busy, problem } = useSubmit(form, signIn, onSignedIn);
  const wait = useCountdown(problem);

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {problem != null && <Refusal problem={problem} wait={wait} />}
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
        <Button type="submit" loading={busy} disabled={wait > 0}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

function Refusal({ problem, wait }: { readonly problem: unknown; readonly wait: number }) {
  const { code } = problemOf(problem);
  if (code === 'too_many_attempts') {
    return (
      <Alert color="orange" title="Too many attempts" role="alert">
        {wait > 0 ? `Try again in ${inWords(wait)}.` : 'You can try again now.'}
      </Alert>
    );
  }
  if (code === 'invalid_credentials') {
    return (
      <Alert color="red" role="alert">
        The e-mail address or the password is wrong.
      </Alert>
    );
  }
  return <ProblemNotice error={problem} />;
}

/** "42 seconds", "3 minutes"; rounded up, so that trying then works. */
export function inWords(seconds: number): string {
  const [count, unit] = seconds < 100 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Seconds until the gateway takes another attempt. */
function useCountdown(problem: unknown): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const seconds = problem instanceof ApiError ? (problem.retryAfter ?? 0) : 0;
    const until = Date.now() + seconds * 1_000;
    setLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((until - Date.now()) / 1_000));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, 1_000);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}

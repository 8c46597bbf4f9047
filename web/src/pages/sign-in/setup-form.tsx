import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { problemOf } from '../../api/problem.ts';
import { setUp } from '../../api/session.ts';
import type { Session } from '../../session/session.ts';
import { NewPasswordInput, tooShort } from '../../ui/new-password-input.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export interface SetupFormProps {
  readonly token: string;
  readonly minPasswordLength: number;
  readonly onDone: (session: Session) => void;
}

export function SetupForm({ token, minPasswordLength, onDone }: SetupFormProps) {
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Type your name.' : null),
      email: (value) => (value.includes('@') ? null : 'Type an e-mail address.'),
      password: (value) => tooShort(value, minPasswordLength),
    },
  });
  const { onSubmit, busy, problem } = useSubmit(form, (values) => setUp({ token, ...values }), onDone);

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {problem != null &&
          (problemOf(problem).code === 'link_expired' ? (
            <Alert color="orange" title="This link is not valid any more" role="alert">
              It was used, or a newer one was printed. Start the gateway again: it prints a new link until
              there is an operator.
            </Alert>
          ) : (
            <ProblemNotice error={problem} />
          ))}
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <TextInput
          label="E-mail address"
          description="You sign in with it."
          type="email"
          autoComplete="username"
          {...form.getInputProps('email')}
        />
        <NewPasswordInput min={minPasswordLength} {...form.getInputProps('password')} />
        <Button type="submit" loading={busy}>
          Create the operator
        </Button>
      </Stack>
    </form>
  );
}

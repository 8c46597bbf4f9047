import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type PasswordLink, setPassword } from '../../api/session.ts';
import type { Session } from '../../session/session.ts';
import { NewPasswordInput, tooShort } from '../../ui/new-password-input.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export interface SetPasswordFormProps {
  readonly token: string;
  readonly link: PasswordLink;
  readonly minPasswordLength: number;
  readonly onDone: (session: Session) => void;
}

export function SetPasswordForm({ token, link, minPasswordLength, onDone }: SetPasswordFormProps) {
  const invited = link.purpose === 'invitation';
  const form = useForm({
    initialValues: { name: link.name, password: '' },
    validate: {
      name: (value) => (invited && value.trim() === '' ? 'Type your name.' : null),
      password: (value) => tooShort(value, minPasswordLength),
    },
  });
  const { onSubmit, busy, problem } = useSubmit(
    form,
    ({ name, password }) => setPassword({ token, password, ...(invited && { name }) }),
    onDone,
  );

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {problem != null && <ProblemNotice error={problem} />}
        <TextInput
          label="E-mail address"
          autoComplete="username"
          value={link.email}
          readOnly
          variant="filled"
        />
        {invited && <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />}
        <NewPasswordInput min={minPasswordLength} autoFocus {...form.getInputProps('password')} />
        <Button type="submit" loading={busy}>
          {invited ? 'Go on' : 'Set the password'}
        </Button>
      </Stack>
    </form>
  );
}

import { Button, Group, PasswordInput, Stack, Title, VisuallyHidden } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { changePerson } from '../../api/session.ts';
import { NewPasswordInput, tooShort } from '../../ui/new-password-input.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export interface PasswordFormProps {
  readonly email: string;
  readonly minPasswordLength: number;
}

export function PasswordForm({ email, minPasswordLength }: PasswordFormProps) {
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      currentPassword: (value) => (value === '' ? 'Type the password that you have now.' : null),
      newPassword: (value) => tooShort(value, minPasswordLength),
    },
  });
  const { onSubmit, busy, problem } = useSubmit(form, changePerson, () => {
    form.reset();
    notifications.show({ message: 'Your password is changed.' });
  });

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Title order={2} size="h4">
          Password
        </Title>
        <VisuallyHidden>
          <input
            type="email"
            autoComplete="username"
            value={email}
            readOnly
            tabIndex={-1}
            aria-label="E-mail address"
          />
        </VisuallyHidden>
        <PasswordInput
          label="Password now"
          autoComplete="current-password"
          {...form.getInputProps('currentPassword')}
        />
        <NewPasswordInput
          min={minPasswordLength}
          label="New password"
          {...form.getInputProps('newPassword')}
        />
        {problem != null && <ProblemNotice error={problem} />}
        <Group>
          <Button type="submit" loading={busy}>
            Change the password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

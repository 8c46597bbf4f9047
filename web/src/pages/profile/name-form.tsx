import { Button, Group, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { changePerson } from '../../api/session.ts';
import { sessionQuery } from '../../session/session.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';

export function NameForm({ name }: { readonly name: string }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name },
    validate: { name: (value) => (value.trim() === '' ? 'Type your name.' : null) },
  });
  const { onSubmit, busy, problem } = useSubmit(form, changePerson, (session) => {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    form.resetDirty();
    notifications.show({ message: 'Your name is saved.' });
  });

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Title order={2} size="h4">
          Name
        </Title>
        <TextInput
          label="Your name"
          description="As others see it, in the list of people and in the audit log."
          autoComplete="name"
          maxLength={100}
          {...form.getInputProps('name')}
        />
        {problem != null && <ProblemNotice error={problem} />}
        <Group>
          <Button type="submit" loading={busy} disabled={!form.isDirty()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type CreatedKey, createKey, type Scope } from '../../api/keys.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { presets, scopeWords } from './scope-words.ts';

export interface NewKeyFormProps {
  readonly accountId: string;
  readonly onMade: (key: CreatedKey) => void;
}

export function NewKeyForm({ accountId, onMade }: NewKeyFormProps) {
  const form = useForm({
    initialValues: { name: '', scopes: [] as Scope[] },
    validate: {
      name: (value) => (value.trim() === '' ? 'Say what the key is for.' : null),
      scopes: (value) => (value.length === 0 ? 'Choose at least one.' : null),
    },
  });
  const { onSubmit, busy, problem } = useSubmit(form, (values) => createKey(accountId, values), onMade);
  const everything = form.values.scopes.includes('admin');

  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="What it is for, so that you still know when you find it in this list."
          placeholder="Order system"
          maxLength={100}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            Begin with what is usual for
          </Text>
          <Group gap="xs">
            {presets.map(({ label, scopes }) => (
              <Button
                key={label}
                size="compact-sm"
                variant="default"
                onClick={() => form.setFieldValue('scopes', [...scopes])}
              >
                {label}
              </Button>
            ))}
          </Group>
        </div>
        <Checkbox.Group label="It may" {...form.getInputProps('scopes')}>
          <Stack gap="sm" mt="xs">
            {scopeWords.map(({ id, label, may }) => (
              <Checkbox
                key={id}
                value={id}
                label={label}
                description={may}
                disabled={everything && id !== 'admin'}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {problem != null && <ProblemNotice error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

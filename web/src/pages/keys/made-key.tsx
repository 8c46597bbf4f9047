import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { CreatedKey } from '../../api/keys.ts';
import { BodyText } from '../../ui/body-text.tsx';
import { CopyField } from '../../ui/copy-field.tsx';

export interface MadeKeyProps {
  readonly made: CreatedKey;
  readonly onDone: () => void;
}

/** The only time that a key is seen. */
export function MadeKey({ made, onDone }: MadeKeyProps) {
  return (
    <Stack gap="md">
      <Alert color="orange" title="It is not shown again">
        Keep it where your programs read their secrets, not in their source.
      </Alert>
      <CopyField label={`The key “${made.name}”`} text={made.key} what="the key" />
      <div>
        <Text size="sm" mb={4}>
          Calls carry it like this:
        </Text>
        <BodyText label="A call with the key" text={`Authorization: Bearer ${made.key}`} />
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          I have kept it
        </Button>
      </Group>
    </Stack>
  );
}

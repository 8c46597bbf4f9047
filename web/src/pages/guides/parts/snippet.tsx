import { Group, Stack, Text } from '@mantine/core';
import { BodyText } from '../../../ui/body-text.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';

export interface SnippetProps {
  /** What it is: above it, and for those who hear the page. */
  readonly label: string;
  readonly text: string;
}

/** A program, a command or a body, to be copied. */
export function Snippet({ label, text }: SnippetProps) {
  return (
    <Stack gap={4} my="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="muted">
          {label}
        </Text>
        <CopyButton text={text} what={label} />
      </Group>
      <BodyText label={label} text={text} />
    </Stack>
  );
}

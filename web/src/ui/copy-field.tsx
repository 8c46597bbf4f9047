import { Group, TextInput } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

export interface CopyFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly text: string;
  /** What is copied, for those who hear the page. */
  readonly what: string;
}

/** A key or a link that has to be handed on: selected as a whole when it gets the focus, with a button to copy it. */
export function CopyField({ label, description, text, what }: CopyFieldProps) {
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        label={label}
        description={description}
        value={text}
        readOnly
        flex={1}
        miw={0}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: 'exact' }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton text={text} what={what} size="sm" variant="filled" data-autofocus />
    </Group>
  );
}

import { Group } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

/** An id, a number or a secret, exactly as it is, to be copied. */
export function Exact({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <span className="exact">{text}</span>
      <CopyButton text={text} what={what} />
    </Group>
  );
}

import { Group } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

export interface ExactProps {
  readonly text: string;
  /** What is copied, for those who hear the page. */
  readonly what: string;
  /** Stays on one line: a short id in a table that can be scrolled. */
  readonly whole?: boolean;
}

/** An id, a number or a secret, exactly as it is, to be copied. */
export function Exact({ text, what, whole = false }: ExactProps) {
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <span className="exact" style={whole ? { whiteSpace: 'nowrap' } : undefined}>
        {text}
      </span>
      <CopyButton text={text} what={what} flex="none" />
    </Group>
  );
}

import { Button, type ButtonProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';

export interface CopyButtonProps extends ButtonProps {
  readonly text: string;
  /** What is copied, for those who hear the page. */
  readonly what: string;
  readonly label?: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, what, label = 'Copy', ...others }: CopyButtonProps) {
  const { copy, copied } = useClipboard({ timeout: 2_000 });
  return (
    <Button
      size="compact-xs"
      variant="default"
      {...others}
      aria-label={`Copy ${what}`}
      onClick={() => copy(text)}
    >
      {copied ? 'Copied' : label}
    </Button>
  );
}

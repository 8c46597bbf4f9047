import { Code } from '@mantine/core';

export interface BodyTextProps {
  readonly text: string;
  readonly label: string;
  /** What is longer scrolls. */
  readonly maxHeight?: number | string;
}

/** A body or a program, exactly as it is: as text, whatever it holds. */
export function BodyText({ text, label, maxHeight = 420 }: BodyTextProps) {
  return (
    <Code
      block
      className="exact"
      tabIndex={0}
      role="region"
      aria-label={label}
      mah={maxHeight}
      style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}
    >
      {text}
    </Code>
  );
}

import { Code } from '@mantine/core';

/** A body or a program, exactly as it is: as text, whatever it holds. */
export function BodyText({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Code
      block
      className="exact"
      tabIndex={0}
      role="region"
      aria-label={label}
      mah={420}
      style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}
    >
      {text}
    </Code>
  );
}

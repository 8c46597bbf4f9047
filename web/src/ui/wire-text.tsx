import { Code } from '@mantine/core';
import { Fragment } from 'react';
import type { WireRequest } from './curl.ts';

export interface WireTextProps {
  readonly request: WireRequest;
  readonly label: string;
  /** CSS height. */
  readonly maxHeight?: string;
}

/** A request as it goes on the wire: start line, headers, body. As text, whatever it holds. */
export function WireText({ request, label, maxHeight = '60dvh' }: WireTextProps) {
  const { method, url, headers, body } = request;
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
      <b>{method}</b> <Foldable text={url} />
      {'\n'}
      {headers.map(([name = '', value = ''], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and the list is made anew as a whole
        <Fragment key={index}>
          <span className="muted">{name}:</span> {value}
          {'\n'}
        </Fragment>
      ))}
      {body !== null && (
        <>
          {'\n'}
          <Foldable text={body} />
        </>
      )}
    </Code>
  );
}

/** Long text that rather breaks between its parts (`&name=value`, `,"name":`, `<name>`) than anywhere. */
function Foldable({ text }: { readonly text: string }) {
  return text.split(/(?=&)|(?<=,)(?=")|(?<=>)(?=<)/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts are of one text
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

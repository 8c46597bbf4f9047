import { Alert, Group, Stack, Text } from '@mantine/core';
import { BodyText } from './body-text.tsx';
import { CopyButton } from './copy-button.tsx';
import { HeaderList, type HeaderPairs } from './header-list.tsx';
import classes from './http-view.module.css';

export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: string | null;
}

export interface RequestViewProps {
  readonly request: ShownRequest;
  /** `false`: it differs from what went over the wire, as `note` says. */
  readonly exact?: boolean;
  readonly note?: string | null;
  /** Where a page shows several: "attempt 2". */
  readonly of?: string;
}

/** A request as it goes over the wire: line, headers, body. */
export function RequestView({ request, exact = true, note = null, of }: RequestViewProps) {
  const { method, url, headers, body } = request;
  return (
    <Stack gap="sm">
      {(note !== null || !exact) && (
        <Alert color="gray" variant="light" p="xs" title={exact ? undefined : 'Not exactly as it was sent'}>
          <Text size="sm">{note ?? 'Something that it was made of has changed since.'}</Text>
        </Alert>
      )}
      <div className={classes.line}>
        <span className={classes.method}>{method}</span>
        <span className={`${classes.url} exact`}>{url}</span>
        <CopyButton text={url} what="the URL" />
      </div>
      <HeaderList headers={headers} />
      {body !== null && body !== '' && (
        <div>
          <Group justify="space-between" mb={4}>
            <Text size="xs" className="muted">
              Body, {sizeOf(body)}
            </Text>
            <CopyButton text={body} what="the body of the request" />
          </Group>
          <BodyText
            text={body}
            label={of === undefined ? 'Body of the request' : `Body of the request, ${of}`}
          />
        </div>
      )}
    </Stack>
  );
}

/** "1,234 bytes", as UTF-8. */
export function sizeOf(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  return `${bytes.toLocaleString('en')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

import { Alert, Group, Stack, Text } from '@mantine/core';
import { BodyText } from './body-text.tsx';
import { CopyButton } from './copy-button.tsx';
import { HeaderList, type HeaderPairs } from './header-list.tsx';
import { sizeOf } from './request-view.tsx';

/** What went wrong, as the gateway classifies it. */
export interface ShownFailure {
  /** The error class: `timeout_headers`. */
  readonly class: string;
  /** What such an error is; from the catalog. */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** What happened in this case. */
  readonly detail: string | null;
}

export interface ResponseViewProps {
  /** `null`: no answer came. */
  readonly statusCode: number | null;
  readonly durationMs: number;
  /** Not given where they were not kept. */
  readonly headers?: HeaderPairs;
  readonly body: string | null;
  /** The body was kept, and is not any more. */
  readonly isGone?: boolean;
  /** More came than is shown. */
  readonly truncated?: boolean;
  readonly failure: ShownFailure | null;
  /** Where a page shows several: "attempt 2". */
  readonly of?: string;
}

/** What an endpoint answered, and what that means. Its text is only ever shown as text. */
export function ResponseView(props: ResponseViewProps) {
  const { statusCode, durationMs, headers, body, isGone = false, truncated = false, failure, of } = props;
  const label = of === undefined ? 'Body of the answer' : `Body of the answer, ${of}`;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text component="span" fw={700} className="exact">
          {statusCode === null ? 'No answer' : `HTTP ${statusCode}`}
        </Text>
        <Text component="span" size="sm" className="muted">
          after {duration(durationMs)}
        </Text>
      </Group>
      {failure && (
        <Alert color="red" variant="light" title={failure.title}>
          <Stack gap={6}>
            {failure.detail !== null && (
              <Text size="sm" className="exact">
                {failure.detail}
              </Text>
            )}
            <Text size="sm">{failure.advice}</Text>
            <Text size="xs" className="muted">
              Error class <span className="exact">{failure.class}</span>
            </Text>
          </Stack>
        </Alert>
      )}
      {headers !== undefined && headers.length > 0 && <HeaderList headers={headers} />}
      {statusCode !== null && isGone && (
        <Text size="sm" className="muted">
          Its body is no longer kept.
        </Text>
      )}
      {statusCode !== null && !isGone && <Body body={body ?? ''} truncated={truncated} label={label} />}
    </Stack>
  );
}

interface BodyProps {
  readonly body: string;
  readonly truncated: boolean;
  readonly label: string;
}

function Body({ body, truncated, label }: BodyProps) {
  if (body === '') {
    return (
      <Text size="sm" className="muted">
        The answer had no body.
      </Text>
    );
  }
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="xs" className="muted">
          {truncated ? `The first ${sizeOf(body)} of the body` : `Body, ${sizeOf(body)}`}
        </Text>
        <CopyButton text={body} what="the body of the answer" />
      </Group>
      <BodyText text={body} label={label} />
    </div>
  );
}

/** "85 ms", "1.2 s", "1 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1_000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}

import { Alert, Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import { BodyText } from './body-text.tsx';
import { CopyButton } from './copy-button.tsx';

/** What came of a test, as the gateway answers it. */
export interface TestAnswer {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly string[])[];
    readonly body: string | null;
  };
  readonly response: {
    readonly statusCode: number;
    readonly headers: readonly (readonly string[])[];
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly error: {
    readonly class: string;
    readonly detail: string;
    readonly title?: string;
    readonly advice?: string;
  } | null;
  readonly durationMs: number;
}

/** The section "Webhook Test Response": how the endpoint answered, or why it did not, and what to do about it. */
export function TestResponse({ answer }: { readonly answer: TestAnswer }) {
  const { request, response, error, durationMs } = answer;
  return (
    <Stack gap="md" component="section" aria-label="Webhook Test Response">
      <Group gap="sm">
        <Title order={3} size="h4">
          Webhook Test Response
        </Title>
        <Badge color={error ? 'red' : 'teal'} variant="light" size="lg" tt="none">
          {error ? 'Not delivered' : 'Delivered'}
        </Badge>
        <Text size="sm" className="muted">
          {response ? `Status ${response.statusCode}, after` : 'After'} {formatMs(durationMs)}
        </Text>
      </Group>
      {error && (
        <Alert color="red" variant="light" title={error.title ?? error.class}>
          <Text size="sm">{error.detail}</Text>
          {error.advice && (
            <Text size="sm" mt="xs">
              {error.advice}
            </Text>
          )}
        </Alert>
      )}
      {response && (
        <>
          <Headers of="answer" headers={response.headers} />
          <Body
            of="answer"
            text={response.body}
            note={response.truncated ? 'Only its first 64 KiB are shown.' : null}
          />
        </>
      )}
      <details>
        <summary>What was sent</summary>
        <Stack gap="md" mt="sm">
          <Text size="sm" component="div" className="exact">
            <b>{request.method}</b> {request.url}
          </Text>
          <Headers of="request" headers={request.headers} />
          {request.body !== null && <Body of="request" text={request.body} note={null} />}
        </Stack>
      </details>
    </Stack>
  );
}

interface HeadersProps {
  readonly of: 'answer' | 'request';
  readonly headers: readonly (readonly string[])[];
}

function Headers({ of, headers }: HeadersProps) {
  if (headers.length === 0) return null;
  return (
    <Table.ScrollContainer minWidth={320} type="native">
      <Table withRowBorders={false} verticalSpacing={2} fz="sm" aria-label={`Headers of the ${of}`}>
        <Table.Tbody>
          {headers.map(([name = '', value = ''], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and the list never changes
            <Table.Tr key={index}>
              <Table.Th className="exact" fw={500} w={220} style={{ verticalAlign: 'top' }}>
                {name}
              </Table.Th>
              <Table.Td className="exact">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface BodyProps {
  readonly of: 'answer' | 'request';
  readonly text: string;
  readonly note: string | null;
}

function Body({ of, text, note }: BodyProps) {
  if (text === '') {
    return (
      <Text size="sm" className="muted">
        The {of} has no body.
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          Body {note && <span className="muted">({note})</span>}
        </Text>
        <CopyButton text={text} what={`the body of the ${of}`} />
      </Group>
      <BodyText text={text} label={`Body of the ${of}`} />
    </Stack>
  );
}

/** "84 ms", "1.2 s", "2 min 5 s" */
export function formatMs(ms: number): string {
  if (ms < 1_000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

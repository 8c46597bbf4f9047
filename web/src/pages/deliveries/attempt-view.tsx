import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Catalog } from '../../api/catalog.ts';
import { type Attempt, sentRequestQuery } from '../../api/deliveries.ts';
import { Fact, Facts } from '../../ui/facts.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RequestView } from '../../ui/request-view.tsx';
import { duration, ResponseView, type ShownFailure } from '../../ui/response-view.tsx';

/** Bytes of an answer that are kept. */
const keptBytes = 2_048;

export interface AttemptViewProps {
  readonly deliveryId: string;
  readonly attempt: Attempt;
  /** The attempt before it. */
  readonly before: Attempt | undefined;
  readonly catalog: Catalog | undefined;
  /** The contents of the event are there, and with them what was sent and answered. */
  readonly isWhole: boolean;
}

/** One attempt: when, what came back, and what was sent. */
export function AttemptView({ deliveryId, attempt, before, catalog, isWhole }: AttemptViewProps) {
  const { number, startedAt, durationMs, statusCode, responseBody, webhookVersion, manual } = attempt;
  return (
    <Stack gap="lg">
      <Facts>
        <Fact name="Started">
          <Instant at={startedAt} />
          {before && `, ${pauseAfter(before, attempt)} after the end of attempt ${before.number}`}
        </Fact>
        <Fact name="Took">{duration(durationMs)}</Fact>
        <Fact name="Asked for">
          {manual ? 'by hand (a replay)' : before ? 'by the schedule' : 'by the event'}
        </Fact>
        <Fact name="Webhook's version">{String(webhookVersion)}</Fact>
      </Facts>
      <section aria-label={`Answer to attempt ${number}`}>
        <Heading>Response as received</Heading>
        <ResponseView
          statusCode={statusCode}
          durationMs={durationMs}
          body={responseBody}
          isGone={!isWhole && responseBody === null}
          truncated={new TextEncoder().encode(responseBody ?? '').length >= keptBytes - 3}
          failure={failureOf(attempt, catalog)}
          of={`attempt ${number}`}
        />
      </section>
      <section aria-label={`Request of attempt ${number}`}>
        <Heading>Request as sent</Heading>
        {isWhole ? (
          <SentRequestView deliveryId={deliveryId} number={number} />
        ) : (
          <Text size="sm" className="muted">
            It cannot be shown any more, since the contents of the event are gone.
          </Text>
        )}
      </section>
    </Stack>
  );
}

function Heading({ children }: { readonly children: string }) {
  return (
    <Title order={5} size="h6" mb={6}>
      {children}
    </Title>
  );
}

function SentRequestView({ deliveryId, number }: { readonly deliveryId: string; readonly number: number }) {
  const { data, error, isPending, refetch } = useQuery(sentRequestQuery(deliveryId, number));
  if (isPending) return <Loading rows={3} />;
  if (!data) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return <RequestView request={data} exact={data.exact} note={data.note} of={`attempt ${number}`} />;
}

/** The class of the error in the catalog's words. */
export function failureOf(
  { errorClass, errorDetail }: Pick<Attempt, 'errorClass' | 'errorDetail'>,
  catalog: Catalog | undefined,
): ShownFailure | null {
  if (errorClass === null) return null;
  const words = catalog?.errorClasses.find(({ id }) => id === errorClass);
  return {
    class: errorClass,
    title: words?.title ?? errorClass,
    advice: words?.advice ?? '',
    detail: errorDetail,
  };
}

function pauseAfter(before: Attempt, attempt: Attempt): string {
  const ms = Date.parse(attempt.startedAt) - (Date.parse(before.startedAt) + before.durationMs);
  return ms >= 3_600_000 ? `${(ms / 3_600_000).toFixed(1)} h` : duration(Math.max(0, ms));
}

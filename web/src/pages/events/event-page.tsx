import { Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { catalogQuery } from '../../api/catalog.ts';
import { eventQuery, routingQuery } from '../../api/events.ts';
import { useMay } from '../../session/may.ts';
import { GoneNotice } from '../../ui/kept/gone-notice.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EventFacts } from './event-facts.tsx';
import classes from './events.module.css';
import { RoutingList } from './routing-list.tsx';
import { UnmatchedSender } from './unmatched-sender.tsx';

/** What came in, which webhooks got it, and why the others did not. */
export function EventPage() {
  const { accountId = '', eventId = '' } = useParams({ strict: false });
  const { data: event, error, refetch } = useQuery(eventQuery(accountId, eventId));
  const routing = useQuery(routingQuery(accountId, eventId));
  const { data: catalog } = useQuery(catalogQuery);
  const mayWrite = useMay('webhooks:write');

  return (
    <>
      <PageHeader title="Event">What came in, which webhooks got it, and why the others did not.</PageHeader>
      {event ? (
        <div className={classes.columns}>
          <section aria-labelledby="came-in">
            <Title order={2} size="h4" mb="sm" id="came-in">
              What came in
            </Title>
            <Stack gap="lg">
              <GoneNotice of={event} />
              <EventFacts event={event} catalog={catalog} />
            </Stack>
          </section>
          <section aria-labelledby="went-to">
            <Title order={2} size="h4" mb="sm" id="went-to">
              Where it went
            </Title>
            <UnmatchedSender accountId={accountId} event={event} catalog={catalog} mayWrite={mayWrite} />
            {routing.data ? (
              <RoutingList
                accountId={accountId}
                event={event}
                decisions={routing.data.data}
                mayWrite={mayWrite}
              />
            ) : routing.error ? (
              <ProblemNotice error={routing.error} onRetry={() => void routing.refetch()} />
            ) : (
              <Loading rows={3} />
            )}
          </section>
        </div>
      ) : error ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading rows={10} />
      )}
    </>
  );
}

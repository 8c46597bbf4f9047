import { Code, List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { catalogQuery } from '../../api/catalog.ts';
import { TextLink } from '../../ui/links.tsx';
import { schedulePauses } from '../../ui/pause-words.ts';
import type { GuideProps } from './guide-props.ts';
import { PlainTable } from './parts/plain-table.tsx';
import { Section } from './parts/prose.tsx';

export function RetriesGuide({ accountId }: GuideProps) {
  const { data: catalog } = useQuery(catalogQuery);
  const attempts = catalog?.settings.defaults.retry.maxAttempts ?? 11;
  return (
    <>
      <Section title="When an attempt fails">
        <p>
          The report is tried again, {attempts} times in all unless the webhook says otherwise. The pauses
          grow, each 20 % longer or shorter by chance, over about 24 hours:
        </p>
        <p>
          <Code>{schedulePauses.join(' · ')}</Code>
        </p>
        <p>
          A <Code>Retry-After</Code> in the answer makes a pause longer, never shorter. When the attempts are
          used up, the delivery has failed. Nothing is lost by that: it can be replayed.
        </p>
      </Section>
      <Section title="When an endpoint is down">
        <p>
          An endpoint that fails half of its latest requests or more gets one from time to time until one
          succeeds. Then everything that waits goes out. No other webhook is held up meanwhile.
        </p>
        <p>
          A webhook whose endpoint does nothing but fail for days (five, unless the platform has set another
          time), or answers 410, is disabled. Its reports are kept and wait. Its page leads through: why,
          test, enable, recover what failed since.
        </p>
      </Section>
      <Section title="What becomes of a delivery">
        <PlainTable
          head={['State', 'Means']}
          rows={[
            ['Pending', 'It has not been tried yet. While its webhook is disabled, it waits.'],
            ['Retrying', 'At least one attempt failed, and another one comes.'],
            ['Delivered', 'The endpoint answered as the webhook wants it.'],
            ['Failed', 'The attempts are used up, or it became too old by “give up after”.'],
            [
              'Skipped',
              'Its webhook was deleted, or the report said less than one that was delivered before.',
            ],
          ]}
        />
      </Section>
      <Section title="Replay">
        <p>
          <TextLink to="/a/$accountId/deliveries" params={{ accountId }} search={{ state: 'failed' }}>
            Failed deliveries
          </TextLink>{' '}
          can be sent again, one or all that match a filter; the page of a webhook recovers everything since a
          time. A replay is rendered by the webhook as it is now, with the same <Code>webhook-id</Code> as
          before. It goes oldest first, behind fresh reports.
        </p>
      </Section>
      <Section title="Order">
        <p>
          Without a setting, reports go as fast as they can, and two of one message may come in either order.
          With “ordered”, one message’s reports come strictly one after another, and one that says less than
          what was delivered already (“sent” after “read”) is skipped. Only that message waits, never the
          others.
        </p>
      </Section>
      <Section title="Limits that you can set">
        <List>
          <List.Item>Requests under way at once: 50, at most 200.</List.Item>
          <List.Item>Requests in a second: as many as the endpoint takes, unless you set a limit.</List.Item>
          <List.Item>
            A time after which a report is worthless, from a minute to a week. Nothing is sent after it.
          </List.Item>
          <List.Item>Batches: several reports in one request, for JSON and XML.</List.Item>
        </List>
        <p>They stand under “Delivery settings” in the form of a webhook, each with its default.</p>
      </Section>
    </>
  );
}

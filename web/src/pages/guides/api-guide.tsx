import { Code } from '@mantine/core';
import { useMay } from '../../session/may.ts';
import { TextLink } from '../../ui/links.tsx';
import { commands } from './code/commands.ts';
import type { GuideProps } from './guide-props.ts';
import { Section } from './parts/prose.tsx';
import { Snippet } from './parts/snippet.tsx';

export function ApiGuide({ accountId }: GuideProps) {
  const mayMakeKeys = useMay('admin');
  const { setUp, create, event, find, replay } = commands(window.location.origin);
  return (
    <>
      <p>
        Everything that these pages do, programs can do too. All calls and fields are in the{' '}
        <a href="/docs">API reference</a>, and as OpenAPI under <a href="/openapi.json">/openapi.json</a>.
      </p>
      <Section title="1. A key">
        <p>
          {mayMakeKeys ? (
            <>
              Make one under{' '}
              <TextLink to="/a/$accountId/keys" params={{ accountId }}>
                API keys
              </TextLink>
            </>
          ) : (
            'Ask an owner of the account for one'
          )}
          . What follows needs “Change webhooks”, “Send events”, “Read deliveries” and “Replay deliveries”.
          The key belongs to this account, so no call has to name it.
        </p>
        <Snippet label="In a shell" text={setUp} />
      </Section>
      <Section title="2. A webhook">
        <p>
          The same body, sent to <Code>/v1/webhooks/preview</Code>, answers the request that would be sent; to{' '}
          <Code>/v1/webhooks/test</Code> it also sends it once.
        </p>
        <Snippet label="Add a webhook" text={create} />
        <p>
          What is wrong is named by its place, in <Code>errors</Code>: rely on <Code>code</Code> and{' '}
          <Code>path</Code>, not on the words.
        </p>
      </Section>
      <Section title="3. An event">
        <p>
          Usually the platform hands these in. The answer 202 comes after the event and its deliveries are on
          disk. The same event again counts as a duplicate. An array of up to 1,000 goes in one call.
        </p>
        <Snippet label="Send an event" text={event} />
      </Section>
      <Section title="4. Its delivery">
        <Snippet label="Find deliveries" text={find} />
        <Snippet label="Send one again" text={replay} />
        <p>
          Lists have <Code>nextCursor</Code>: give it as <Code>cursor</Code> for the next page. New deliveries
          stream from <Code>/v1/live</Code> as server-sent events.
        </p>
      </Section>
      <Section title="5. When there is too much">
        <p>
          The answer 429 means: nothing was done, send the same again after <Code>Retry-After</Code> seconds.
          409 with <Code>limit_reached</Code> means that the account has as many as it may have. Both name the
          limit; what it is and how much of it is in use stands under{' '}
          <TextLink to="/a/$accountId/limits" params={{ accountId }}>
            Limits
          </TextLink>
          .
        </p>
      </Section>
    </>
  );
}

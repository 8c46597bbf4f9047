import { Stack, Tabs, Title } from '@mantine/core';
import type { TrialAnswer } from '../api/webhooks.ts';
import { RequestView } from './request-view.tsx';
import { ResponseView } from './response-view.tsx';
import { Warnings } from './warnings.tsx';

/** The section "Webhook Test Response": how the endpoint answered, or why it did not, and what was sent. */
export function TestResponse({ answer }: { readonly answer: TrialAnswer }) {
  const { request, response, error, durationMs, warnings } = answer;
  return (
    <Stack gap="sm" component="section" aria-label="Webhook Test Response">
      <Title order={2} size="h4">
        Webhook Test Response
      </Title>
      <Warnings warnings={warnings.filter(({ code }) => code === 'url_too_long')} />
      <Tabs defaultValue="answer" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="answer">Answer</Tabs.Tab>
          <Tabs.Tab value="request">Request as sent</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="answer">
          <ResponseView
            statusCode={response?.statusCode ?? null}
            durationMs={durationMs}
            {...(response && { headers: response.headers, truncated: response.truncated })}
            body={response?.body ?? null}
            failure={error}
          />
        </Tabs.Panel>
        <Tabs.Panel value="request">
          <RequestView request={request} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

import { Button, Card, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { catalogQuery } from '../../../api/catalog.ts';
import { testWebhook, type Webhook } from '../../../api/webhooks.ts';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { TestResponse } from '../../../ui/test-response.tsx';
import { samplesOf, trialEventOf } from './samples.ts';

/** Sends a sample to the endpoint once, now, and shows what came of it. */
export function TestWebhook({ webhook }: { readonly webhook: Webhook }) {
  const { data: catalog } = useQuery(catalogQuery);
  const samples = samplesOf(catalog, webhook);
  const [name, setName] = useState<string | null>(null);
  const chosen = samples.find((sample) => sample.name === name) ?? samples[0];
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => testWebhook(webhook.id, chosen ? trialEventOf(chosen, webhook) : null),
  });

  return (
    <Stack gap="md">
      <Text size="sm" className="muted">
        Sends a sample to the endpoint once, exactly as a real report would go, signed with its secret. It is
        not kept in the history and not tried again.
      </Text>
      <Group align="flex-end" gap="sm">
        <Select
          label="Sample"
          data={samples.map((sample) => ({ value: sample.name, label: sample.title }))}
          value={chosen?.name ?? null}
          onChange={setName}
          allowDeselect={false}
          w={{ base: '100%', xs: 240 }}
        />
        <Button loading={isPending} onClick={() => mutate()}>
          Test Webhook
        </Button>
      </Group>
      <div aria-live="polite">
        {error && <ProblemNotice error={error} />}
        {data && (
          <Card withBorder padding="md">
            <TestResponse answer={data} />
          </Card>
        )}
      </div>
    </Stack>
  );
}

import { Card, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Webhook } from '../../../api/webhooks.ts';
import { Instant } from '../../../ui/instant.tsx';
import { describeWebhook } from '../describe.ts';
import { NameTable } from './name-table.tsx';
import { namesOf } from './names.ts';

/** What the webhook does, in sentences, and the names that its requests carry. */
export function Configuration({ webhook }: { readonly webhook: Webhook }) {
  const { customHeaders, customParameters, reportType, version, createdAt, updatedAt } = webhook;
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        {describeWebhook(webhook).map(({ title, sentences }) => (
          <Card key={title} withBorder padding="md">
            <Title order={2} size="h5" mb={6}>
              {title}
            </Title>
            <Stack gap={6}>
              {sentences.map((sentence) => (
                <Text key={sentence} size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {sentence}
                </Text>
              ))}
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
      {reportType === 'dlr' && (
        <NameTable title="Parameters" heads={['Field', 'Sent as']} rows={namesOf(webhook)} empty="" />
      )}
      <NameTable
        title="Custom parameters"
        heads={['Name', 'Value']}
        rows={customParameters.map(({ name, value }) => [name, value])}
        empty="None: nothing is added to the reports."
        exactNames
      />
      <NameTable
        title="Custom headers"
        heads={['Name', 'Value']}
        rows={customHeaders.map(({ name, value }) => [name, value])}
        empty="None beside those of the gateway and its signature."
        note={
          customHeaders.length > 0 ? 'Values are shown masked; the endpoint gets them in full.' : undefined
        }
        exactNames
      />
      <Text size="sm" className="muted" component="div">
        Version {version}, created <Instant at={createdAt} />, changed <Instant at={updatedAt} />.
      </Text>
    </Stack>
  );
}

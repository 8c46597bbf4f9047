import { Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { catalogQuery } from '../../../api/catalog.ts';
import type { Webhook } from '../../../api/webhooks.ts';
import { Fact, Facts } from '../../../ui/facts.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { productNames, reportTypeNames } from '../../../ui/webhook-words.ts';
import { describeWebhook } from '../describe.ts';
import classes from './configuration.module.css';
import { NameList } from './name-list.tsx';
import { namesOf } from './names.ts';

/** All that was chosen in the form, in its words and its order. */
export function Configuration({ webhook }: { readonly webhook: Webhook }) {
  const { customHeaders, customParameters, reportType, version, createdAt, updatedAt } = webhook;
  return (
    <Card withBorder padding="md" component="section" aria-label="Configuration" className={classes.all}>
      <Stack gap="md">
        <Basics webhook={webhook} />
        {reportType === 'dlr' && <NameList title="Required Parameters" names={namesOf(webhook)} />}
        <NameList
          title="Custom Parameters"
          names={customParameters.map(({ name, value }) => [name, value])}
          exactNames
        />
        <NameList
          title="Custom Headers"
          names={customHeaders.map(({ name, value }) => [name, value])}
          note="Values are shown masked; the endpoint gets them in full."
          exactNames
        />
        <section>
          <Title order={3} size="h6" mb={4}>
            Delivery settings
          </Title>
          <Facts>
            {describeWebhook(webhook).map(({ title, sentences }) => (
              <Fact key={title} name={title}>
                {sentences.map((sentence) => (
                  <Text key={sentence} size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {sentence}
                  </Text>
                ))}
              </Fact>
            ))}
          </Facts>
        </section>
        <Text size="xs" className="muted" component="div">
          Version {version}, created <Instant at={createdAt} />, changed <Instant at={updatedAt} />.
        </Text>
      </Stack>
    </Card>
  );
}

function Basics({ webhook }: { readonly webhook: Webhook }) {
  const { data: catalog } = useQuery(catalogQuery);
  const { product, reportType, method, url, productUniqueId, description } = webhook;
  const numberLabel = catalog?.products.find(({ id }) => id === product)?.numberLabel ?? null;
  return (
    <section>
      <Title order={2} size="h5" mb={6}>
        Configuration
      </Title>
      <Facts>
        <Fact name="Product">{productNames[product]}</Fact>
        <Fact name="Webhook Server Send Method">{method}</Fact>
        {reportType !== 'operations' && <Fact name="Webhook Report Type">{reportTypeNames[reportType]}</Fact>}
        {numberLabel !== null && (
          <Fact name={numberLabel}>
            {productUniqueId === null ? 'All numbers' : <span className="exact">{productUniqueId}</span>}
          </Fact>
        )}
        <Fact name="Webhook (URL Endpoint)">
          <span className="exact">{url}</span>
        </Fact>
        <Fact name="Description">{description}</Fact>
      </Facts>
    </section>
  );
}

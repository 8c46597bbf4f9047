import { Alert, Anchor, Badge, Group, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { GatewayHealth } from '../../api/gateway.ts';
import { gatewayQuery } from '../../api/gateway.ts';
import { Instant } from '../../ui/instant.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EgressPanel } from './egress-panel.tsx';
import { FigureCard } from './figure-card.tsx';
import { figuresOf } from './figures.ts';
import { ProcessesTable } from './processes-table.tsx';
import { TroubledTable } from './troubled-table.tsx';

/** How the whole gateway is doing. */
export function GatewayPage() {
  const { data: health, error, refetch } = useQuery(gatewayQuery);
  return (
    <>
      <PageHeader title="Gateway health" {...(health && { actions: <Readiness health={health} /> })}>
        {health ? <Running health={health} /> : 'Asked every few seconds.'}
      </PageHeader>
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !health && <Loading />}
      {health && <Health health={health} />}
    </>
  );
}

function Readiness({ health: { ready } }: { readonly health: GatewayHealth }) {
  return (
    <Badge size="lg" tt="none" variant="light" color={ready ? 'green' : 'red'}>
      {ready ? 'Takes events' : 'Takes no events'}
    </Badge>
  );
}

function Running({ health: { version, node, startedAt, at } }: { readonly health: GatewayHealth }) {
  return (
    <>
      Hookwire {version} on Node.js {node.replace(/^v/, '')}, running since <Instant at={startedAt} />. As of{' '}
      <Instant at={at} />; asked again every few seconds.
    </>
  );
}

function Health({ health }: { readonly health: GatewayHealth }) {
  return (
    <>
      {!health.ready && (
        <Alert color="red" mb="md" title="The gateway takes no events">
          {health.detail}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} mb="xl">
        {figuresOf(health).map((figure) => (
          <FigureCard key={figure.label} figure={figure} />
        ))}
      </SimpleGrid>
      <ProcessesTable processes={health.processes} />
      <TroubledTable
        title="Webhooks that fail"
        about="Their endpoints have done nothing but fail, or the gateway has disabled them. Longest first."
        none="No webhook fails."
        webhooks={health.failing}
      />
      <TroubledTable
        title="Webhooks that wait longest"
        about="Their oldest report still waits for its first attempt."
        none="No report waits for its first attempt."
        webhooks={health.waitingLongest}
      />
      <EgressPanel egress={health.egress} />
      <Group mt="lg">
        <Text size="sm" className="muted">
          For alarms and graphs, Prometheus reads the same and more from{' '}
          <Anchor href="/metrics" underline="always" inherit>
            /metrics
          </Anchor>
          .
        </Text>
      </Group>
    </>
  );
}

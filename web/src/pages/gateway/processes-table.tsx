import { Badge, Group, Table, Text, Title } from '@mantine/core';
import type { GatewayProcess } from '../../api/gateway.ts';
import { Instant } from '../../ui/instant.tsx';

/** The gateways that share one store; nothing where there is one. */
export function ProcessesTable({ processes }: { readonly processes: readonly GatewayProcess[] }) {
  if (processes.length < 2) return null;
  return (
    <section>
      <Title order={2} size="h4">
        Gateways of the cluster
      </Title>
      <Text size="sm" className="muted" mb="xs">
        They share one database, and each sends for its part of the webhooks. The figures above that are of
        one gateway are of the one that answered.
      </Text>
      <Table.ScrollContainer minWidth={820} mb="lg">
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Gateway</Table.Th>
              <Table.Th>Version</Table.Th>
              <Table.Th>Runs since</Table.Th>
              <Table.Th ta="right">Part of the webhooks</Table.Th>
              <Table.Th ta="right">Under way</Table.Th>
              <Table.Th ta="right">Waiting for a commit</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {processes.map((process) => (
              <Row key={process.id} process={process} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

/** Parts that all webhooks are divided into. */
const allShards = 256;

function Row({ process }: { readonly process: GatewayProcess }) {
  const { name, version, startedAt, shards, inFlight, queuedEvents } = process;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} maw={320}>
        <span className="exact">{name}</span>
        <Group gap={4}>
          {process.isThis && <Mark color="gray" text="answered" />}
          {process.leads && <Mark color="blue" text="leads" />}
          {process.state === 'leaving' && <Mark color="yellow" text="stopping" />}
          {inFlight === null && <Mark color="red" text="does not answer" />}
        </Group>
      </Table.Th>
      <Table.Td>{version}</Table.Td>
      <Table.Td>
        <Instant at={startedAt} />
      </Table.Td>
      <Table.Td ta="right">
        {shards} of {allShards}
      </Table.Td>
      <Table.Td ta="right">{inFlight ?? '–'}</Table.Td>
      <Table.Td ta="right">{queuedEvents ?? '–'}</Table.Td>
    </Table.Tr>
  );
}

function Mark({ color, text }: { readonly color: string; readonly text: string }) {
  return (
    <Badge size="xs" tt="none" variant="light" color={color}>
      {text}
    </Badge>
  );
}

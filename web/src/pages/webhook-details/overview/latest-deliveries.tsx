import { Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Delivery, latestDeliveriesQuery, type Webhook } from '../../../api/webhooks.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { TextLink } from '../../../ui/links.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { StateBadge } from '../../../ui/state-badge.tsx';

/** The newest deliveries, and the way to all of them. */
export function LatestDeliveries({ webhook }: { readonly webhook: Webhook }) {
  const { id, accountId } = webhook;
  const { data, error, isPending, refetch } = useQuery(latestDeliveriesQuery(id));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Latest deliveries
        </Title>
        <TextLink to="/a/$accountId/deliveries" params={{ accountId }} search={{ webhookId: id }} size="sm">
          All deliveries of this webhook
        </TextLink>
      </Group>
      {isPending && <Loading rows={4} />}
      {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data?.data.length === 0 && (
        <EmptyState title="Nothing delivered yet">
          Reports appear here as soon as events come in that this webhook is for.
        </EmptyState>
      )}
      {data && data.data.length > 0 && (
        <Rows deliveries={data.data} withStatus={webhook.reportType !== 'mo'} />
      )}
    </Stack>
  );
}

interface RowsProps {
  readonly deliveries: readonly Delivery[];
  readonly withStatus: boolean;
}

function Rows({ deliveries, withStatus }: RowsProps) {
  return (
    <Table.ScrollContainer minWidth={820} type="native">
      <Table verticalSpacing={6} fz="sm" aria-label="Latest deliveries">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Accepted</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Message ID</Table.Th>
            <Table.Th>Mobile Number</Table.Th>
            {withStatus && <Table.Th>Report</Table.Th>}
            <Table.Th>Answer</Table.Th>
            <Table.Th>Attempts</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Instant at={one.acceptedAt} />
              </Table.Td>
              <Table.Td>
                <StateBadge state={one.state} />
              </Table.Td>
              <Table.Td miw={220}>
                <TextLink
                  to="/a/$accountId/deliveries"
                  params={{ accountId: one.accountId }}
                  search={{ webhookId: one.webhookId, delivery: one.id }}
                  className="exact"
                  size="sm"
                >
                  {one.messageId}
                </TextLink>
              </Table.Td>
              <Table.Td className="exact">{one.mobileNumber ?? '—'}</Table.Td>
              {withStatus && <Table.Td>{one.status ?? '—'}</Table.Td>}
              <Table.Td className="exact">{one.statusCode ?? one.errorClass ?? '—'}</Table.Td>
              <Table.Td>
                <Text span inherit style={{ fontVariantNumeric: 'tabular-nums' }}>
                  {one.attemptCount}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

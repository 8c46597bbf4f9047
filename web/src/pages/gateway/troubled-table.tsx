import { Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { accountsQuery } from '../../api/accounts.ts';
import type { TroubledWebhook } from '../../api/gateway.ts';
import { Instant } from '../../ui/instant.tsx';
import { TextLink } from '../../ui/links.tsx';
import { conditionOf } from '../../ui/webhook-words.ts';
import { countInWords } from './quantities.ts';

export interface TroubledTableProps {
  readonly title: string;
  readonly about: string;
  /** Where there is none. */
  readonly none: string;
  readonly webhooks: readonly TroubledWebhook[];
}

const mostCounted = 10_000;

/** Webhooks that need looking after, with the way to them. */
export function TroubledTable({ title, about, none, webhooks }: TroubledTableProps) {
  const { data: accounts } = useQuery(accountsQuery);
  const nameOf = (id: string) => accounts?.data.find((account) => account.id === id)?.name ?? id;
  return (
    <section>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" className="muted" mb="xs">
        {webhooks.length === 0 ? none : about}
      </Text>
      {webhooks.length > 0 && (
        <Table.ScrollContainer minWidth={820} mb="lg">
          <Table verticalSpacing="xs" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Webhook</Table.Th>
                <Table.Th>Account</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Fails since</Table.Th>
                <Table.Th ta="right">Waiting</Table.Th>
                <Table.Th>Oldest</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {webhooks.map((webhook) => (
                <Row key={webhook.webhookId} webhook={webhook} accountName={nameOf(webhook.accountId)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}

interface RowProps {
  readonly webhook: TroubledWebhook;
  readonly accountName: string;
}

function Row({ webhook, accountName }: RowProps) {
  const { webhookId, accountId, url, failingSince, waiting, oldestPendingAt } = webhook;
  const { label, why } = conditionOf({
    ...webhook,
    disabledReason: webhook.disabledReason as 'gone' | 'failing' | null,
  });
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} maw={320}>
        <TextLink
          to="/a/$accountId/webhooks/$webhookId"
          params={{ accountId, webhookId }}
          search={{}}
          className="exact"
        >
          {url}
        </TextLink>
      </Table.Th>
      <Table.Td>{accountName}</Table.Td>
      <Table.Td>
        {label}
        <Text size="xs" className="muted">
          {why}
        </Text>
      </Table.Td>
      <Table.Td>{failingSince === null ? '–' : <Instant at={failingSince} />}</Table.Td>
      <Table.Td ta="right">{countInWords(waiting, mostCounted)}</Table.Td>
      <Table.Td>{oldestPendingAt === null ? '–' : <Instant at={oldestPendingAt} />}</Table.Td>
    </Table.Tr>
  );
}

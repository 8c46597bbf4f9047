import { Table } from '@mantine/core';
import type { FoundEvent } from '../../api/events.ts';
import { Instant } from '../../ui/instant.tsx';
import { TextLink } from '../../ui/links.tsx';
import { deliveryStates, stateWord } from '../../ui/state-badge.tsx';
import { kindOf } from '../../ui/webhook-words.ts';

export interface FoundEventsProps {
  readonly accountId: string;
  readonly events: readonly FoundEvent[];
}

/** What was found, newest first. */
export function FoundEvents({ accountId, events }: FoundEventsProps) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing="xs" aria-label="Events found">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Accepted</Table.Th>
            <Table.Th>Message ID</Table.Th>
            <Table.Th>Transaction ID</Table.Th>
            <Table.Th>Mobile Number</Table.Th>
            <Table.Th>Report</Table.Th>
            <Table.Th>Deliveries</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Instant at={event.acceptedAt} />
              </Table.Td>
              <Table.Td>
                <TextLink
                  to="/a/$accountId/events/$eventId"
                  params={{ accountId, eventId: event.id }}
                  className="exact"
                  size="sm"
                >
                  {event.messageId}
                </TextLink>
              </Table.Td>
              <Table.Td className="exact">{event.transactionId ?? '–'}</Table.Td>
              <Table.Td className="exact">{event.mobileNumber ?? event.userId ?? '–'}</Table.Td>
              <Table.Td>
                {kindOf(event)}
                {event.status !== null && `: ${event.status}`}
                {event.errorCode !== null && <span className="exact"> {event.errorCode}</span>}
              </Table.Td>
              <Table.Td>{deliveriesWord(event.deliveries)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** "2 delivered, 1 retrying"; none: no webhook wanted it. */
export function deliveriesWord(counts: FoundEvent['deliveries']): string {
  const some = deliveryStates.filter((state) => counts[state] > 0);
  if (some.length === 0) return 'No webhook matched';
  return some.map((state) => `${counts[state]} ${stateWord(state).toLowerCase()}`).join(', ');
}

import { Alert, Stack, Text } from '@mantine/core';
import type { Catalog } from '../../api/catalog.ts';
import type { EventDetail } from '../../api/events.ts';
import { LinkButton } from '../../ui/links.tsx';

export interface UnmatchedSenderProps {
  readonly accountId: string;
  readonly event: EventDetail;
  readonly catalog: Catalog | undefined;
  readonly mayWrite: boolean;
}

/** Says that an event names a number that the account does not have. */
export function UnmatchedSender({ accountId, event, catalog, mayWrite }: UnmatchedSenderProps) {
  if (event.unmatched === null) return null;
  const label = catalog?.products.find(({ id }) => id === event.product)?.numberLabel ?? 'number';
  return (
    <Alert color="yellow" variant="light" title={`Not a ${label} of this account`} mb="md">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          The report came in for {event.productUniqueId}, which is none of the account's. It was taken; a
          webhook gets it only if it is for all numbers.
        </Text>
        {mayWrite && (
          <LinkButton to="/a/$accountId/numbers" params={{ accountId }} variant="default" size="xs">
            Look at the account's numbers
          </LinkButton>
        )}
      </Stack>
    </Alert>
  );
}

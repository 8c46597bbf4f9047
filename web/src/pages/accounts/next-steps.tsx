import { Alert, Group, Text } from '@mantine/core';
import type { Account } from '../../api/accounts.ts';
import { LinkButton } from '../../ui/links.tsx';

export interface NextStepsProps {
  readonly account: Account;
  readonly onClose: () => void;
}

/** What a new account still needs. */
export function NextSteps({ account, onClose }: NextStepsProps) {
  const params = { accountId: account.id };
  return (
    <Alert
      mb="lg"
      variant="light"
      role="status"
      title={`“${account.name}” is there. What next?`}
      withCloseButton
      closeButtonLabel="Close"
      onClose={onClose}
    >
      <Text size="sm" mb="sm">
        A webhook gets the account’s reports. For WhatsApp, add its numbers first if webhooks should tell them
        apart.
      </Text>
      <Group gap="xs">
        <LinkButton size="sm" to="/a/$accountId/webhooks/new" params={params}>
          Add a webhook
        </LinkButton>
        <LinkButton size="sm" variant="default" to="/a/$accountId/numbers" params={params}>
          Add a Waba Number
        </LinkButton>
        <LinkButton size="sm" variant="default" to="/a/$accountId/people" params={params}>
          Invite its people
        </LinkButton>
        <LinkButton size="sm" variant="default" to="/a/$accountId/keys" params={params}>
          Make an API key
        </LinkButton>
      </Group>
    </Alert>
  );
}

import { Button } from '@mantine/core';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/links.tsx';

export interface NoWebhooksProps {
  readonly accountId: string;
  readonly mayWrite: boolean;
}

export function NoWebhooks({ accountId, mayWrite }: NoWebhooksProps) {
  return (
    <EmptyState
      title="No webhooks yet"
      action={
        mayWrite && (
          <LinkButton to="/a/$accountId/webhooks/new" params={{ accountId }}>
            Add webhook
          </LinkButton>
        )
      }
    >
      A webhook sends what happens to your messages to a URL of yours: a delivery report when an SMS arrives,
      a WhatsApp message when somebody writes to your number. You choose the format and what each field is
      called.
      {!mayWrite && ' Ask an owner or a developer of this account to add one.'}
    </EmptyState>
  );
}

export function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState
      title="No webhook matches"
      action={
        <Button variant="default" onClick={onClear}>
          Show all webhooks
        </Button>
      }
    >
      The search looks into URL, description, ID and Waba Number.
    </EmptyState>
  );
}

import { Button } from '@mantine/core';
import type { Webhook } from '../../api/webhooks.ts';
import { LinkButton } from '../links.tsx';
import classes from './webhook-list.module.css';

export interface RowActionsProps {
  readonly webhook: Webhook;
  readonly mayWrite: boolean;
  readonly onDelete: (webhook: Webhook) => void;
}

/** Edit, Delete, View Details; whoever may only read sees the last alone. */
export function RowActions({ webhook, mayWrite, onDelete }: RowActionsProps) {
  const { id, accountId, url } = webhook;
  const params = { accountId, webhookId: id };
  return (
    <div className={classes.buttons}>
      {mayWrite && (
        <>
          <LinkButton
            to="/a/$accountId/webhooks/$webhookId/edit"
            params={params}
            size="compact-xs"
            px={6}
            variant="default"
            aria-label={`Edit ${url}`}
          >
            Edit
          </LinkButton>
          <Button
            size="compact-xs"
            px={6}
            variant="default"
            aria-label={`Delete ${url}`}
            onClick={() => onDelete(webhook)}
          >
            Delete
          </Button>
        </>
      )}
      <LinkButton
        to="/a/$accountId/webhooks/$webhookId"
        params={params}
        size="compact-xs"
        px={6}
        variant="default"
        aria-label={`View Details of ${url}`}
      >
        View Details
      </LinkButton>
    </div>
  );
}

import { Alert, Stack, Text } from '@mantine/core';
import type { EventDetail, RoutingDecision } from '../../api/events.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton, TextLink } from '../../ui/links.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { kindOf } from '../../ui/webhook-words.ts';
import classes from './events.module.css';

export interface RoutingListProps {
  readonly accountId: string;
  readonly event: EventDetail;
  /** Those that matched first. */
  readonly decisions: readonly RoutingDecision[];
  readonly mayWrite: boolean;
}

/** Every webhook of the account: those that got the event with how it went, and the others with the reason. */
export function RoutingList({ accountId, event, decisions, mayWrite }: RoutingListProps) {
  const matched = decisions.filter((decision) => decision.matched);
  const others = decisions.filter((decision) => !decision.matched);
  const add = mayWrite && (
    <LinkButton
      to="/a/$accountId/webhooks/new"
      params={{ accountId }}
      search={webhookFor(event)}
      variant={matched.length === 0 ? 'filled' : 'default'}
      size="xs"
    >
      {matched.length === 0 ? 'Add a webhook that would get it' : 'Add another webhook for such events'}
    </LinkButton>
  );

  if (decisions.length === 0) {
    return (
      <EmptyState title="No webhook got it" action={add}>
        The account had no webhooks when it came in.
      </EmptyState>
    );
  }
  return (
    <Stack gap="md">
      {matched.length === 0 ? (
        <Alert color="yellow" variant="light" title="No webhook got it">
          <Stack gap="sm" align="flex-start">
            <Text size="sm">
              None of the account's {decisions.length === 1 ? 'webhook' : `${decisions.length} webhooks`}{' '}
              wanted this {kindOf(event)}. Each says why below.
            </Text>
            {add}
          </Stack>
        </Alert>
      ) : (
        <ul className={classes.decisions} aria-label="Webhooks that got it">
          {matched.map((decision) => (
            <Decision key={decision.webhookId} accountId={accountId} event={event} decision={decision} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb="xs">
            {matched.length === 0 ? 'Why not' : 'The others, and why not'}
          </Text>
          <ul className={classes.decisions} aria-label="Webhooks that did not get it">
            {others.map((decision) => (
              <Decision key={decision.webhookId} accountId={accountId} event={event} decision={decision} />
            ))}
          </ul>
        </div>
      )}
      {matched.length > 0 && add && <div>{add}</div>}
    </Stack>
  );
}

interface DecisionProps {
  readonly accountId: string;
  readonly event: EventDetail;
  readonly decision: RoutingDecision;
}

function Decision({ accountId, event, decision }: DecisionProps) {
  const { webhookId, url, delivered, text } = decision;
  const delivery = event.deliveries.find(({ id }) => id === delivered);
  return (
    <li className={classes.decision}>
      <div className={classes.decisionHead}>
        <TextLink
          to="/a/$accountId/webhooks/$webhookId"
          params={{ accountId, webhookId }}
          className="exact"
          size="sm"
        >
          {url}
        </TextLink>
        {delivery && <StateBadge state={delivery.state} />}
      </div>
      <Text size="sm" className="muted" mt={2}>
        {text}
      </Text>
      {delivered !== null && (
        <TextLink
          to="/a/$accountId/deliveries"
          params={{ accountId }}
          search={{ messageId: event.messageId, delivery: delivered }}
          size="sm"
        >
          Look at the delivery
        </TextLink>
      )}
    </li>
  );
}

/** What the form for a new webhook begins with, so that it would get such an event. */
export function webhookFor({ product, reportType, productUniqueId }: EventDetail): Record<string, string> {
  return { product, reportType, ...(productUniqueId !== null && { productUniqueId }) };
}

import { Anchor, Text } from '@mantine/core';
import type { AuditEntry } from '../../api/audit.ts';
import { TextLink } from '../../ui/links.tsx';
import { hasTarget, wordsOf } from './action-words.ts';

const kinds: Readonly<Record<string, string>> = {
  operatorKey: 'the operator key',
  key: 'the API key',
  portalLink: 'by a portal link,',
};

export interface SentenceProps {
  readonly entry: AuditEntry;
  /** Shows what else this actor did. */
  readonly onActor: () => void;
}

/** "Ann Lee changed the webhook orders." */
export function Sentence({ entry, onActor }: SentenceProps) {
  const { actor, action } = entry;
  const { did, after } = wordsOf(action);
  const kind = kinds[actor.kind];
  const times = timesOf(entry);
  return (
    <Text size="sm" component="div">
      {kind !== undefined && <span className="muted">{capital(kind)} </span>}
      <Anchor component="button" type="button" size="sm" fw={600} c="inherit" onClick={onActor}>
        {actor.name}
      </Anchor>{' '}
      {did} {hasTarget(action) && <Target entry={entry} />} {after}
      {times !== null && ` (${times} times within a quarter of an hour)`}
    </Text>
  );
}

/** How often an entry stands for, where it does for more than one. */
function timesOf({ changes }: AuditEntry): number | null {
  const to = changes.find(({ field }) => field === 'times')?.to;
  return typeof to === 'number' ? to : null;
}

function Target({ entry: { accountId, action, target } }: { readonly entry: AuditEntry }) {
  if (!target) return null;
  const name = target.name ?? target.id;
  if (target.type === 'webhook' && accountId !== null && action !== 'webhook.deleted') {
    return (
      <TextLink
        size="sm"
        underline="always"
        to="/a/$accountId/webhooks/$webhookId"
        params={{ accountId, webhookId: target.id }}
        className="exact"
      >
        {name}
      </TextLink>
    );
  }
  if (target.type === 'account' && action !== 'account.deleted') {
    return (
      <TextLink size="sm" underline="always" to="/a/$accountId/webhooks" params={{ accountId: target.id }}>
        {name}
      </TextLink>
    );
  }
  return target.name === null ? <span className="exact">{target.id}</span> : <b>{name}</b>;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import type { Scope } from '../../api/keys.ts';

export interface ScopeWords {
  readonly id: Scope;
  readonly label: string;
  readonly may: string;
}

/** What each scope allows, in the order in which one thinks of them. */
export const scopeWords: readonly ScopeWords[] = [
  { id: 'events:write', label: 'Send events', may: 'Hand reports and messages to the gateway.' },
  {
    id: 'webhooks:read',
    label: 'Read webhooks',
    may: 'List webhooks, their settings and figures. No secrets.',
  },
  {
    id: 'webhooks:write',
    label: 'Change webhooks',
    may: 'Make, change, test and delete webhooks, and read and rotate their signing secrets.',
  },
  {
    id: 'deliveries:read',
    label: 'Read deliveries',
    may: 'See what was sent and answered, and events with their contents.',
  },
  { id: 'deliveries:replay', label: 'Replay deliveries', may: 'Send deliveries again, one or many.' },
  {
    id: 'admin',
    label: 'Everything',
    may: 'All of the above, and numbers, API keys, people and the audit log of this account.',
  },
];

/** Sets of scopes that fit what keys are usually made for. */
export const presets: readonly { readonly label: string; readonly scopes: readonly Scope[] }[] = [
  { label: 'A program that sends events', scopes: ['events:write'] },
  {
    label: 'A developer',
    scopes: ['webhooks:read', 'webhooks:write', 'deliveries:read', 'deliveries:replay'],
  },
  { label: 'A dashboard that only reads', scopes: ['webhooks:read', 'deliveries:read'] },
];

export function scopeLabel(scope: Scope): string {
  return scopeWords.find(({ id }) => id === scope)?.label ?? scope;
}

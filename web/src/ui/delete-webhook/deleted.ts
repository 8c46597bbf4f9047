import { useSyncExternalStore } from 'react';
import type { Webhook } from '../../api/webhooks.ts';
import { kindOf } from '../webhook-words.ts';

/** A webhook whose delete can still be undone. */
export interface DeletedWebhook {
  readonly id: string;
  readonly accountId: string;
  /** "SMS DLR" */
  readonly kind: string;
  readonly url: string;
  /** Ms since the Unix epoch. */
  readonly deletedAt: number;
}

/** How long the gateway can undo a delete. */
export const undoableMs = 10 * 60_000;
const storageKey = 'hookwire-deleted-webhooks';
const listeners = new Set<() => void>();
let kept: readonly DeletedWebhook[] | null = null;

function isDeleted(value: unknown): value is DeletedWebhook {
  return typeof value === 'object' && value !== null && 'id' in value && 'deletedAt' in value;
}

/** Newest first; from this tab only. */
function all(): readonly DeletedWebhook[] {
  if (kept !== null) return kept;
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]');
    kept = Array.isArray(stored) ? stored.filter(isDeleted) : [];
  } catch {
    kept = [];
  }
  return kept;
}

function keep(next: readonly DeletedWebhook[]): void {
  kept = next;
  sessionStorage.setItem(storageKey, JSON.stringify(next));
  for (const listener of listeners) listener();
}

export function rememberDeleted(webhook: Webhook, now: number): void {
  const { id, accountId, url } = webhook;
  const deleted = { id, accountId, url, kind: kindOf(webhook), deletedAt: now };
  keep([deleted, ...stillUndoable(all(), now).filter((one) => one.id !== id)]);
}

export function forgetDeleted(id: string): void {
  keep(all().filter((one) => one.id !== id));
}

export function stillUndoable(list: readonly DeletedWebhook[], now: number): readonly DeletedWebhook[] {
  return list.filter(({ deletedAt }) => now - deletedAt < undoableMs);
}

/** "9 minutes", "less than a minute": how long it can still be undone. */
export function timeLeft({ deletedAt }: DeletedWebhook, now: number): string {
  const minutes = Math.floor((deletedAt + undoableMs - now) / 60_000);
  if (minutes < 1) return 'less than a minute';
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDeleted(): readonly DeletedWebhook[] {
  return useSyncExternalStore(subscribe, all);
}

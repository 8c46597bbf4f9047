import { type InputError, mostErrors } from '../../core/errors.ts';
import type { WebhookWithSecrets } from '../../core/webhook.ts';
import type { HashedKey, WebhookChange } from '../../stores/ports/configuration.ts';
import type { Account, ApiKey, Sender } from '../../stores/ports/directory.ts';
import type { Difference } from './difference.ts';

/** A plan while it is made. */
export interface PlanDraft {
  /** ms since the Unix epoch. */
  readonly now: number;
  readonly made: {
    accounts: Account[];
    senders: Sender[];
    keys: HashedKey[];
    webhooks: WebhookWithSecrets[];
  };
  readonly changed: { accounts: Account[]; senders: Sender[]; keys: ApiKey[]; webhooks: WebhookChange[] };
  readonly differences: Difference[];
  /** How many things are as the file says. */
  readonly same: number;
  readonly errors: InputError[];
  report(path: string, message: string): void;
  /** Takes note of a thing; says whether it differs from what is there. */
  differ(difference: Omit<Difference, 'hasNewSecret'> & Partial<Pick<Difference, 'hasNewSecret'>>): boolean;
}

export function createDraft(now: number): PlanDraft {
  let same = 0;
  const errors: InputError[] = [];
  const differences: Difference[] = [];
  return {
    now,
    made: { accounts: [], senders: [], keys: [], webhooks: [] },
    changed: { accounts: [], senders: [], keys: [], webhooks: [] },
    differences,
    get same() {
      return same;
    },
    errors,
    report(path, message) {
      if (errors.length < mostErrors) errors.push({ path, message });
    },
    differ(difference) {
      if (difference.changes?.length === 0) {
        same++;
        return false;
      }
      differences.push({ hasNewSecret: false, ...difference });
      return true;
    },
  };
}

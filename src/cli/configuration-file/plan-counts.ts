import {
  type AccountLimit,
  accountLimits,
  type LimitValues,
  limitsInEffect,
} from '../../core/account-limits.ts';
import type { Configuration } from '../../stores/ports/configuration.ts';
import type { Account } from '../../stores/ports/directory.ts';
import type { PlanDraft } from './plan-draft.ts';

/** An account of the file, as it is to be. */
export interface Counted {
  readonly path: string;
  readonly account: Account;
}

interface Counts {
  readonly stored: Configuration;
  readonly draft: PlanDraft;
  readonly limitsOfAll: LimitValues;
}

const counted = ['webhooks', 'keys', 'senders'] as const;

/** As through the API, nothing is made for an account that has as many as it may have. */
export function checkCounts(accounts: readonly Counted[], { stored, draft, limitsOfAll }: Counts): void {
  const had = countsOf(stored);
  const made = countsOf(draft.made);
  for (const { path, account } of accounts) {
    const limits = limitsInEffect(limitsOfAll, account.limits);
    for (const what of counted) {
      const [before, added] = [had(what, account.id), made(what, account.id)];
      const most = limits[what];
      if (added === 0 || most === null || before + added <= most) continue;
      const { unit }: AccountLimit = accountLimits[what];
      draft.report(
        `${path}.${what}`,
        `would be ${before + added} ${unit} with those that are there, and the account may have ${most}: raise "limits.${what}" of the account in the file.`,
      );
    }
  }
}

function countsOf({ webhooks, keys, senders }: Configuration) {
  const counts = {
    webhooks: count(webhooks.map(({ webhook }) => webhook.accountId)),
    keys: count(keys.map(({ key }) => key.accountId)),
    senders: count(senders.map(({ accountId }) => accountId)),
  };
  return (what: (typeof counted)[number], accountId: string): number => counts[what].get(accountId) ?? 0;
}

function count(ids: readonly (string | null)[]): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

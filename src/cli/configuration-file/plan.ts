import type { LimitValues } from '../../core/account-limits.ts';
import type { InputError } from '../../core/errors.ts';
import { mostErrors } from '../../core/errors.ts';
import { randomId } from '../../core/ids.ts';
import { isPayloadLonger, type KeepDays, keepGiven, noOwnKeep, payloadTooLong } from '../../core/keeping.ts';
import { fieldChanges } from '../../http/auditing/changes.ts';
import type { ConfigurationChanges, StoredConfiguration } from '../../stores/ports/configuration.ts';
import type { Account } from '../../stores/ports/directory.ts';
import type { ImportSummary } from './difference.ts';
import type { ParsedAccount, ParsedFile } from './parsed.ts';
import { type Counted, checkCounts } from './plan-counts.ts';
import { createDraft, type PlanDraft } from './plan-draft.ts';
import { planKeys } from './plan-keys.ts';
import { planSenders } from './plan-senders.ts';
import { planWebhooks } from './plan-webhooks.ts';

export interface PlanOptions {
  /** ms since the Unix epoch. */
  readonly now: number;
  /** Those of accounts that have none of their own. */
  readonly limitsOfAll: LimitValues;
  readonly keepOfAll: KeepDays;
}

export interface ImportPlan {
  /** `null`: everything is as the file says already. */
  readonly changes: ConfigurationChanges | null;
  readonly summary: ImportSummary;
  /** What cannot be done; then nothing is to be done at all. */
  readonly errors: readonly InputError[];
}

/** What makes of what is stored what a file says. Nothing that the file does not name changes. */
export function planImport(
  file: ParsedFile,
  stored: StoredConfiguration,
  { now, limitsOfAll, keepOfAll }: PlanOptions,
): ImportPlan {
  const draft = createDraft(now);
  const counted: Counted[] = [];
  const keys = planKeys(stored, draft);
  const senders = planSenders(stored, draft);
  const webhooks = planWebhooks(stored, draft);
  const accountOf = planAccounts(stored, draft);

  keys.plan(file.operatorKeys, null);
  for (const parsed of file.accounts) {
    const account = accountOf(parsed);
    if (!account) continue;
    keys.plan(parsed.keys, account.id);
    const numbers = senders.plan(parsed.senders, account.id);
    webhooks.plan(parsed.webhooks, account.id, parsed.hasWrongSenders ? null : numbers);
    counted.push({ path: parsed.path, account });
    if (parsed.keep && isPayloadLonger(keepGiven(keepOfAll, account.keep))) {
      draft.report(`${parsed.path}.keep.payloadDays`, payloadTooLong(keepOfAll, account.keep));
    }
  }
  checkCounts(counted, { stored, draft, limitsOfAll });
  const { made, changed, differences } = draft;
  const isEmpty = differences.length === 0;
  const inFile = differences.length + draft.same;
  const there = [stored.accounts, stored.senders, stored.keys, stored.webhooks];
  const met = inFile - differences.filter(({ changes }) => changes === null).length;
  const others = there.reduce((sum, things) => sum + things.length, 0) - met;
  return {
    changes: isEmpty ? null : { made, changed },
    summary: { differences, same: draft.same, others },
    errors: draft.errors.slice(0, mostErrors),
  };
}

/** Finds or makes the account of an entry; `null` where it cannot be. */
function planAccounts(
  stored: StoredConfiguration,
  draft: PlanDraft,
): (parsed: ParsedAccount) => Account | null {
  const byId = new Map(stored.accounts.map((account) => [account.id, account]));
  const byName = Map.groupBy(stored.accounts, ({ name }) => name);
  const taken = new Map<string, string>();

  function find(parsed: ParsedAccount): Account | null | 'wrong' {
    if (parsed.id !== null) {
      if (!stored.deleted.accounts.has(parsed.id)) return byId.get(parsed.id) ?? null;
      draft.report(
        `${parsed.path}.id`,
        `was the id of an account that was deleted, and stays its own: give another.`,
      );
      return 'wrong';
    }
    const [found, ...more] = byName.get(parsed.name) ?? [];
    if (more.length === 0) return found ?? null;
    draft.report(
      `${parsed.path}.name`,
      `is the name of ${more.length + 1} accounts: give the id of the one that is meant.`,
    );
    return 'wrong';
  }

  return (parsed) => {
    const found = find(parsed);
    if (found === 'wrong') return null;
    const { name, limits, keep } = parsed;
    const key = found?.id ?? parsed.id ?? `name ${name}`;
    const earlier = taken.get(key);
    if (earlier !== undefined) {
      draft.report(parsed.path, `is the same account as ${earlier}: put them together.`);
      return null;
    }
    taken.set(key, parsed.path);
    if (!found) {
      const account = {
        id: parsed.id ?? randomId('acc'),
        name,
        createdAt: parsed.createdAt ?? draft.now,
        limits: limits ?? {},
        keep: keep ?? noOwnKeep,
      };
      draft.made.accounts.push(account);
      draft.differ({ kind: 'account', id: account.id, name, accountId: null, changes: null });
      return account;
    }
    const account = { ...found, name, limits: limits ?? found.limits, keep: keep ?? found.keep };
    const changes = fieldChanges(
      '',
      { name: found.name, limits: found.limits, keep: found.keep },
      { name, limits: account.limits, keep: account.keep },
    );
    if (draft.differ({ kind: 'account', id: account.id, name, accountId: null, changes })) {
      draft.changed.accounts.push(account);
    }
    return account;
  };
}

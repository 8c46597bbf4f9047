import { randomId } from '../../core/ids.ts';
import type { Configuration } from '../../stores/ports/configuration.ts';
import type { Sender } from '../../stores/ports/directory.ts';
import type { ParsedSender } from './parsed.ts';
import type { PlanDraft } from './plan-draft.ts';

/** Whether an account will have a number. */
export type HasNumber = (product: string, productUniqueId: string) => boolean;

/** An account's numbers are known by product and number. */
export function planSenders(stored: Configuration, draft: PlanDraft) {
  const byAccount = Map.groupBy(stored.senders, ({ accountId }) => accountId);
  const ids = new Map(stored.senders.map((sender) => [sender.id, `${keyOf(sender)} of ${sender.accountId}`]));

  function make(parsed: ParsedSender, accountId: string): void {
    const { product, productUniqueId, label } = parsed;
    const id = parsed.id ?? randomId('snd');
    const other = ids.get(id);
    if (other !== undefined) {
      draft.report(`${parsed.path}.id`, `is the id of ${other} already.`);
      return;
    }
    ids.set(id, `${keyOf(parsed)} of ${accountId}`);
    const createdAt = parsed.createdAt ?? draft.now;
    draft.made.senders.push({ id, accountId, product, productUniqueId, label, createdAt });
    draft.differ({ kind: 'number', id, name: productUniqueId, accountId, changes: null });
  }

  function change(parsed: ParsedSender, found: Sender): void {
    if (parsed.id !== null && parsed.id !== found.id) {
      draft.report(`${parsed.path}.id`, `is not the id of this number here, which is ${found.id}.`);
      return;
    }
    const { id, accountId, productUniqueId: name } = found;
    const { label } = parsed;
    const changes = found.label === label ? [] : [{ field: 'label', from: found.label, to: label }];
    if (draft.differ({ kind: 'number', id, name, accountId, changes })) {
      draft.changed.senders.push({ ...found, label });
    }
  }

  return {
    plan(senders: readonly ParsedSender[], accountId: string): HasNumber {
      const there = new Map((byAccount.get(accountId) ?? []).map((sender) => [keyOf(sender), sender]));
      const paths = new Map<string, string>();
      for (const parsed of senders) {
        const key = keyOf(parsed);
        const earlier = paths.get(key);
        const found = there.get(key);
        if (earlier !== undefined) {
          draft.report(`${parsed.path}.productUniqueId`, `is the number of ${earlier} already.`);
        } else if (found) change(parsed, found);
        else make(parsed, accountId);
        paths.set(key, parsed.path);
      }
      return (product, productUniqueId) => {
        const key = keyOf({ product, productUniqueId });
        return there.has(key) || paths.has(key);
      };
    },
  };
}

function keyOf({
  product,
  productUniqueId,
}: {
  readonly product: string;
  readonly productUniqueId: string;
}): string {
  return `${product} ${productUniqueId}`;
}

import { HookwireError } from '../core/errors.ts';
import type { AppendResult, NewEvent } from '../stores/ports/delivery-log.ts';
import type { Admission, Admitted } from './admission.ts';

/** What became of an event: `refused` with nothing of it stored, because its account is at a limit. */
export type IntakeResult = AppendResult | { readonly result: 'refused'; readonly error: HookwireError };

/** The events of one call that are let in. */
export interface AdmittedEvents {
  /** In the order given. */
  readonly admitted: readonly NewEvent[];
  /** Says what the store made of them; `null`: none was stored. Called once. */
  settle(results: readonly AppendResult[] | null): void;
  /** The results of all events of the call, those of the admitted ones being these. */
  resultsOf(results: readonly AppendResult[]): readonly IntakeResult[];
}

/** An account's events of a call, and what became of asking for them. */
interface Share {
  events: number;
  deliveries: number;
  answer: Admitted | HookwireError | null;
}

/** Asks for the events of each account of a call at once. A call is mostly of one account. */
export function admitByAccount(
  admission: Pick<Admission, 'admit'>,
  routed: readonly NewEvent[],
): AdmittedEvents {
  const shares = new Map<string, Share>();
  for (const { event, webhookIds } of routed) {
    const share = shares.get(event.accountId);
    if (share) {
      share.events++;
      share.deliveries += webhookIds.length;
    } else shares.set(event.accountId, { events: 1, deliveries: webhookIds.length, answer: null });
  }
  let refusals = 0;
  for (const [accountId, share] of shares) {
    share.answer = admission.admit(accountId, share.events, share.deliveries);
    if (share.answer instanceof HookwireError) refusals++;
  }

  const refusalOf = ({ event }: NewEvent): HookwireError | null => {
    const answer = shares.get(event.accountId)?.answer;
    return answer instanceof HookwireError ? answer : null;
  };
  const admitted = refusals === 0 ? routed : routed.filter((event) => refusalOf(event) === null);

  return {
    admitted,
    settle(results) {
      const made = new Map<string, number>();
      results?.forEach(({ result, deliveries }, i) => {
        const accountId = admitted[i]?.event.accountId ?? '';
        if (result === 'accepted') made.set(accountId, (made.get(accountId) ?? 0) + deliveries);
      });
      for (const [accountId, { answer }] of shares) {
        if (answer === null || answer instanceof HookwireError) continue;
        if (results) answer.stored(made.get(accountId) ?? 0);
        else answer.refused();
      }
    },
    resultsOf(results) {
      if (refusals === 0) return results;
      let next = 0;
      return routed.flatMap((event): IntakeResult | [] => {
        const error = refusalOf(event);
        return error ? { result: 'refused', error } : (results[next++] ?? []);
      });
    },
  };
}

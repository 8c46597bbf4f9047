/**
 * What a process tells the others of deliveries that it has accepted for webhooks which are not its own: whoever owns them reads
 * them. By account and webhook; `null`: so many that they are to be loaded.
 */
export type Arrived = readonly (readonly [
  account: string,
  webhookId: string,
  numbers: readonly number[] | null,
])[];

/** What messages with it are called. */
export const arrivedKind = 'arrived';

/** Of one webhook in one commit: more are not told of one by one. */
const mostOfWebhook = 500;

/** Gathers what is to be told. */
export interface ArrivedGatherer {
  add(account: string, webhookId: string, number: number): void;
  /** All until now; `null`: nothing. */
  take(): Arrived | null;
}

export function gatherArrived(): ArrivedGatherer {
  const byWebhook = new Map<string, { readonly account: string; readonly numbers: number[] }>();
  return {
    add(account, webhookId, number) {
      const found = byWebhook.get(webhookId);
      if (found) found.numbers.push(number);
      else byWebhook.set(webhookId, { account, numbers: [number] });
    },
    take() {
      if (byWebhook.size === 0) return null;
      const all = [...byWebhook].map(
        ([webhookId, { account, numbers }]) =>
          [account, webhookId, numbers.length > mostOfWebhook ? null : numbers] as const,
      );
      byWebhook.clear();
      return all;
    },
  };
}

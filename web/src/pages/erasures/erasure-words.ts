import type { Task } from '../../api/tasks.ts';

type Counts = NonNullable<Task['receipt']>['counts'];

const words: readonly (readonly [keyof Counts, one: string, many: string])[] = [
  ['events', 'event', 'events'],
  ['deliveries', 'delivery', 'deliveries'],
  ['dropped', 'delivery not sent', 'deliveries not sent'],
  ['attempts', 'attempt', 'attempts'],
  ['mentions', 'mention in events of others', 'mentions in events of others'],
  ['answers', 'answer that named them', 'answers that named them'],
  ['tasks', 'task', 'tasks'],
  ['auditEntries', 'entry of the audit log', 'entries of the audit log'],
  ['keptAnswers', 'kept answer', 'kept answers'],
  ['webhooks', 'webhook', 'webhooks'],
  ['webhookVersions', 'version of webhooks', 'versions of webhooks'],
  ['statistics', 'row of statistics', 'rows of statistics'],
];

const numbers = new Intl.NumberFormat('en');

/** What was erased, in words: "60 events, 1 task". */
export function erasedWords({ receipt }: Task): string {
  const counts = receipt?.counts ?? {};
  const parts = words.flatMap(([kind, one, many]) => {
    const count = counts[kind] ?? 0;
    return count === 0 ? [] : [`${numbers.format(count)} ${count === 1 ? one : many}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** Who or what goes. */
export function erasureTitle({ receipt }: Task): string {
  const account = receipt?.deletedAccountId ?? null;
  return account === null ? 'A person' : `The account ${account}`;
}

export function erasureState({ state, receipt }: Task): string {
  if (state === 'done') return 'Done';
  const looked = `${Math.round((receipt?.progress ?? 0) * 100)} %`;
  if (state === 'waiting')
    return (receipt?.progress ?? 0) >= 1 ? 'Waits until what waits was delivered' : 'In line';
  return `At work: ${looked} looked through`;
}

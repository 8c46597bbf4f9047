import type { EventIdName } from '../../api/events.ts';

export const idNames = [
  'messageId',
  'transactionId',
  'mobileNumber',
] as const satisfies readonly EventIdName[];

export const idLabels: { readonly [N in EventIdName]: string } = {
  messageId: 'Message ID',
  transactionId: 'Transaction ID',
  mobileNumber: 'Mobile Number',
};

/** What a URL's search asks for: the first id that it has. */
export function askedFor(search: Readonly<Record<string, string | undefined>>): {
  readonly by: EventIdName;
  readonly text: string;
} {
  const by = idNames.find((name) => (search[name] ?? '').trim() !== '') ?? 'messageId';
  return { by, text: search[by]?.trim() ?? '' };
}

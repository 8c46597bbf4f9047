import type { Role } from './session.ts';

/** What each role is called, and what it may do, in words. */
export const roleWords: { readonly [R in Role]: { readonly label: string; readonly may: string } } = {
  operator: {
    label: 'Operator',
    may: 'Everything: all accounts and the gateway itself.',
  },
  owner: {
    label: 'Owner',
    may: 'Everything in the account: webhooks, numbers, API keys, people and the audit log.',
  },
  developer: {
    label: 'Developer',
    may: 'Makes and tests webhooks, sees their secrets, reads and replays deliveries.',
  },
  viewer: {
    label: 'Viewer',
    may: 'Looks at webhooks and deliveries. Phone numbers are masked; nothing can be changed.',
  },
};

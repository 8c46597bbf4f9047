import { invitationDays } from '../ports/forgetting.ts';

/** What a table holds, and what ends that. The reference page and a test of the schema are made from this. */
export interface TableClock {
  /** What is in it, as people would say it. */
  readonly holds: string;
  /** Until when. */
  readonly ends: string;
}

const payload = '`HOOKWIRE_KEEP_PAYLOAD_DAYS`, or the account’s own `keep.payloadDays`';
const log = '`HOOKWIRE_KEEP_LOG_DAYS`, or the account’s own `keep.logDays`';
const configured = 'Deleted by whoever made it, and with the account.';
const withEvents = 'With the events that it finds.';
const byTheWeek = 'With the events that it finds, when all of a week are gone.';

/** Every table of the database. A step of the schema that makes one says here what ends what is in it. */
export const tableClocks: { readonly [table: string]: TableClock } = {
  events: {
    holds: 'Events: their contents, and that there was one',
    ends: `Contents: ${payload}. The entry: ${log}.`,
  },
  deliveries: { holds: 'Deliveries and their states', ends: `${log}, counted from the event’s acceptance.` },
  attempts: {
    holds: 'Attempts; the starts of answers and details of errors',
    ends: `What was answered: ${payload}. The rest: ${log}.`,
  },
  fan_outs: { holds: 'Events for very many webhooks while they are stored', ends: 'Moments.' },
  index_tail: { holds: 'What is to go into the search index', ends: 'The next 13,000 events, or a week.' },
  index_chunks: {
    holds: 'The search index: hashes that find events, those of numbers by the number key',
    ends: `${byTheWeek} What finds a report that comes twice: 7 days, and its week.`,
  },
  index_places: { holds: 'Where in the search index is what', ends: byTheWeek },
  index_filters: { holds: 'Bits that tell what is not in the search index', ends: byTheWeek },
  index_runs: { holds: 'The search index’ table of contents', ends: byTheWeek },
  index_state: { holds: 'How far the search index is', ends: 'Never; it has one row.' },
  event_identities: { holds: 'Of before step 27: hashes that find the same event again', ends: withEvents },
  search_buckets: { holds: 'Of before step 27: the search index', ends: withEvents },
  search_runs: { holds: 'Of before step 27: the search index’ table of contents', ends: withEvents },
  index_forgotten: {
    holds: 'Hashes that the index is to find erased events by no more',
    ends: 'Moments: when the index has lost them.',
  },
  former_terms: { holds: 'One number', ends: 'Never; it says how old entries of the index are written.' },
  told_steps: {
    holds: 'How far a message’s reports have been told to a webhook that wants order: hashes',
    ends: '31 days; taken away when others come.',
  },
  retention_cursors: { holds: 'How far contents are cut and entries dropped', ends: 'Written over.' },
  retention_members: {
    holds: 'Which accounts have times of their own, as far as these are applied',
    ends: 'When the account has the times of all.',
  },
  retention_left: {
    holds: 'Numbers of old events that something still needs',
    ends: 'When their deliveries have ended; with the event.',
  },
  trusted_time: { holds: 'How late it is, for a clock that is ahead', ends: 'Written over.' },
  acceptance_times: {
    holds: 'When events were accepted, where the clock was set',
    ends: 'With the events; there are few.',
  },
  webhook_stats: {
    holds: 'Counts and durations by webhook',
    ends: 'By the minute 48 hours, by the hour 35 days, by the day 400 days.',
  },
  webhook_totals: {
    holds: 'Counts by account and webhook',
    ends: 'By the hour 35 days, by the day 400 days.',
  },

  accounts: {
    holds: 'Accounts',
    ends: 'Deleted by an operator, with all that it had; its entry goes when that has ended.',
  },
  senders: { holds: 'Numbers that accounts registered', ends: configured },
  api_keys: { holds: 'Names, scopes and hashes of API keys', ends: configured },
  deleted_keys: { holds: 'Hashes of deleted API keys', ends: 'The latest 10,000 are kept.' },
  webhooks: {
    holds: 'Webhooks',
    ends: `A deleted one can be restored for ten minutes, and its entry goes when nothing in the log can name it: ${log}, counted from its deletion.`,
  },
  webhook_versions: {
    holds: 'Each version of each webhook’s configuration',
    ends: `One that was replaced goes when no attempt in the log was made by it: ${log}, counted from then. With the webhook.`,
  },
  webhook_secrets: {
    holds: 'Signing secrets, sealed',
    ends: `Wiped when they are over and another one comes, and ten minutes after the webhook’s deletion; the entry goes when nothing that it signed can be shown: ${payload}, counted from their end.`,
  },
  open_breakers: { holds: 'Endpoints that are given a rest', ends: 'When they answer; with the webhook.' },
  kept_answers: { holds: 'Answers to calls with an `Idempotency-Key`', ends: '24 hours.' },
  gateway_secrets: { holds: 'The key that numbers are hashed with, sealed', ends: 'Never.' },
  master_keys: { holds: 'Ids of master keys', ends: 'When nothing is sealed with the key any more.' },

  tasks: {
    holds: 'Tasks that send again: what was looked for, which may be a number, and counts',
    ends: `Once it has ended, ${payload}, counted from its end. How far its parts are goes when it ends.`,
  },
  erasures: {
    holds:
      'Tasks that erase, and their receipts: when, by whom; who is sought, sealed apart, until the task has ended',
    ends: 'Never: a receipt shows later that something was erased, and says of nobody whose it was.',
  },
  erasure_counts: { holds: 'What each of these has erased, counted', ends: 'With the task.' },
  wipes: { holds: 'One number', ends: 'Written over.' },
  audit: {
    holds: 'Who changed what, and from which address',
    ends: '`HOOKWIRE_KEEP_AUDIT_DAYS`, for all accounts alike.',
  },
  used_portal_links: {
    holds: 'Ids of portal links that were used',
    ends: 'When the link would be over anyway.',
  },

  members: {
    holds: 'Roles of people',
    ends: `Ended by an owner or operator, and with the account. An invitation that nobody takes up in ${invitationDays} days is withdrawn.`,
  },
  auth_user: { holds: 'Names and addresses of people', ends: 'With their last role; a day later at most.' },
  auth_account: { holds: 'What people sign in by, passwords as hashes', ends: 'With the person.' },
  auth_session: {
    holds: 'Sign-ins: when, from which address, by which browser',
    ends: 'An hour after they are over at most; with the person.',
  },
  auth_verification: {
    holds: 'Links that set passwords, and sign-ins under way',
    ends: 'An hour after they are over at most: an invitation after 72 hours, others after 24.',
  },
  access_era: { holds: 'One number', ends: 'Never; it ends sign-ins when somebody’s way in is taken away.' },

  schema_migrations: { holds: 'Steps of the schema', ends: 'Never.' },
  write_probe: { holds: 'Filler that tells whether the disk takes something', ends: 'Written over.' },
};

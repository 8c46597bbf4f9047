import type { GatewayProcess } from './processes.ts';

/** What one account, or a stranger, can do to the others. */
export const ways = {
  fanOut: 'an account with 1,000 webhooks posts 500 events in one call, again and again',
  fanOutInOrder: "the same, and each webhook wants one message's reports in order",
  fanOuts: '20 accounts with 100 webhooks each post 500 events in one call, again and again',
  downloads: 'an account takes its deliveries as files, 6 at once, again and again',
  largeBatches: 'an account posts 1,000 messages of 3.5 KB in one call, again and again, over 8 connections',
  lists: 'an account has 40 lists under way at once',
  largeLists: 'an account asks for 30 lists of 500 messages of 60 KiB at once, and reads them slowly',
  searches: 'an account has 40 searches that find nothing under way at once',
  recover: '100 recover tasks of 20 accounts wait for dead endpoints',
  tests: 'one key holds 600 tests of an endpoint that never answers at once',
  streams: 'an account opens 200 live streams and reads none',
  refusedKeys: 'a stranger sends 50 connections full of unknown keys',
  refusedBodies: 'an account sends bodies that are refused: equal items, unknown fields, deep lists',
  idleConnections: 'a stranger opens 1,500 connections and sends half a request on each',
} as const satisfies Record<string, string>;
export type Way = keyof typeof ways;

export interface Misbehaviour {
  readonly way: Way;
  readonly gateway: Pick<GatewayProcess, 'url' | 'operatorKey'>;
  /** An endpoint that answers at once, and one that never does. */
  readonly sink: string;
  readonly dead: string;
}

import { stateCode } from '../../codes.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';
import { conditionsOf } from './conditions.ts';
import { type EndedSource, type Scope, type Source, type WaitingSource, waitingParts } from './sources.ts';
import type { Statement } from './statement.ts';
import { allowedPairs, isFew, knownPairs, type WebhookPair, waitingPairs } from './webhook-pairs.ts';

/** Where the deliveries may be that a filter leaves. */
export interface Plan {
  /** Of the moment that is looked at: for which webhooks something waits changes. */
  sources(): Promise<readonly Source[]>;
  /** What is to be seen in a row named `r`, SQL. */
  conditions(statement: Statement): string[];
}

/** So many webhooks are asked one beside the other; of more, all of the account's or of everybody's is walked. */
const fewWebhooks = 200;
/** So many webhooks' names go with a statement; which of more are allowed, their events tell. */
const mostNamed = 10_000;
/** Leaping to so many webhooks for which something waits takes some 20 ms. */
const mostWaitingWebhooks = 1_000;
/** So many waiting deliveries are read whole; of more, walking finds them soon enough. */
const fewWaiting = 1_000;

/**
 * The narrowest ways there are:
 *
 * ```text
 * waiting:  few of the state asked for ──▸ their partial index, whole
 *           else ──▸ the key, webhook by webhook of those for which something waits
 * ended:    failed, skipped, a reason ──▸ partial indexes of a webhook's, of an account's, of all
 *           an error class, a status other than 2xx ──▸ partial indexes, webhook by webhook
 *           one or few webhooks ──▸ their index; an account ──▸ its key; else ──▸ all
 * ```
 */
export async function planOf(asking: Asking, filter: DeliveryFilter): Promise<Plan> {
  const pairs = await allowedPairs(asking, filter, mostNamed);
  const webhooks = pairs?.map(({ webhook }) => webhook) ?? null;
  const ended = await endedOf(asking, filter, pairs);
  return {
    async sources() {
      return [await waitingOf(asking, filter, pairs), ended].filter((source) => source !== null);
    },
    conditions: (statement) => conditionsOf(filter, webhooks, statement),
  };
}

async function waitingOf(
  asking: Asking,
  { accountId, state, stateReason, errorClass, statusCode }: DeliveryFilter,
  allowed: readonly WebhookPair[] | null,
): Promise<WaitingSource | null> {
  if (stateReason !== undefined || (state !== undefined && state !== 'pending' && state !== 'retrying'))
    return null;
  const wanted = state ?? (errorClass !== undefined || statusCode !== undefined ? 'retrying' : null);
  if (accountId === null && allowed === null && wanted === null)
    return { table: 'waiting', scope: null, parts: null };
  const pairs = await pairsThatWait(asking, accountId, allowed);
  if (pairs?.length === 0) return null;
  const parts = wanted === null ? null : partsOf[wanted];
  let areFew = pairs !== null && parts !== null;
  for (const part of parts ?? []) areFew &&= await isFew(asking, pairs ?? [], part, fewWaiting);
  return { table: 'waiting', scope: pairs, parts: areFew ? parts : null };
}

/** `null`: so many that all of what waits is walked. */
async function pairsThatWait(
  asking: Asking,
  accountId: string | null,
  allowed: readonly WebhookPair[] | null,
): Promise<readonly WebhookPair[] | null> {
  const some = few(allowed);
  if (some) return some;
  const waiting = await waitingPairs(asking, accountId, mostWaitingWebhooks);
  const names = allowed && new Set(allowed.map(({ webhook }) => webhook));
  return waiting && names ? waiting.filter(({ webhook }) => names.has(webhook)) : waiting;
}

/** Where deliveries of a state are; those that nobody has tried have no error and no status. */
const partsOf = {
  retrying: [waitingParts.retrying],
  pending: [waitingParts.pending, waitingParts.inOrder],
} as const;

async function endedOf(
  asking: Asking,
  filter: DeliveryFilter,
  allowed: readonly WebhookPair[] | null,
): Promise<EndedSource | null> {
  const { accountId, state, stateReason, errorClass, statusCode } = filter;
  if (state === 'pending' || state === 'retrying') return null;
  const source = (scope: Scope, only: EndedSource['only']): EndedSource => ({
    table: 'deliveries',
    scope,
    only,
  });
  const some = few(allowed);
  if (some?.length === 0) return null;
  const isOdd = statusCode !== undefined && (statusCode < 200 || statusCode > 299);
  if (errorClass !== undefined || isOdd) {
    const scope = some ?? (await knownPairs(asking, accountId, fewWebhooks));
    if (scope && errorClass !== undefined) return source(scope, { errorClass });
    if (scope && statusCode !== undefined) return source(scope, { statusCode });
  }
  const endedBadly =
    state === 'failed' || state === 'skipped' || stateReason !== undefined || errorClass !== undefined;
  if (!endedBadly) return source(some ?? accountId, null);
  if (state === 'delivered') return null;
  const states = state === undefined ? [stateCode('failed'), stateCode('skipped')] : [stateCode(state)];
  return source(some ?? accountId, { states });
}

function few(pairs: readonly WebhookPair[] | null): readonly WebhookPair[] | null {
  return pairs && pairs.length <= fewWebhooks ? pairs : null;
}

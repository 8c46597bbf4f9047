import { retryJitter, scheduledPauseMs } from '#shared/retry-schedule.ts';
import type { Attempt, Delivery } from '../../api/deliveries.ts';
import { pauseWord } from '../../ui/pause-words.ts';

/** What is known of the webhook that it goes to. */
export interface Destination {
  readonly status: 'enabled' | 'disabled';
  /** Its endpoint has done nothing but fail lately. */
  readonly failing: boolean;
  /** `null`: not known. */
  readonly maxAttempts: number | null;
}

export interface Outlook {
  readonly title: string;
  /** When the next attempt is due; ISO 8601. */
  readonly at: string | null;
  /** Why, in sentences. */
  readonly why: readonly string[];
}

/**
 * What comes next for a delivery, and why.
 *
 * @param webhook `null` where it is not known: deleted, or on its way
 * @param titleOf an error class in words
 */
export function outlookOf(
  delivery: Pick<Delivery, 'state' | 'stateReason' | 'nextAttemptAt'>,
  attempts: readonly Attempt[],
  webhook: Destination | null,
  titleOf: (errorClass: string) => string,
): Outlook | null {
  const { state, stateReason, nextAttemptAt: at } = delivery;
  const held = heldBy(webhook);
  switch (state) {
    case 'delivered':
      return null;
    case 'pending':
      return pending(attempts.length, held);
    case 'retrying':
      return {
        title: attemptTitle(attempts, webhook),
        at,
        why: [...pauseWhy(attempts, at, titleOf), ...held],
      };
    default:
      return { title: endTitle(state), at: null, why: [endWhy(stateReason, attempts.length)] };
  }
}

/** What keeps the webhook from sending as it usually does. */
function heldBy(webhook: Destination | null): readonly string[] {
  if (webhook?.status === 'disabled') {
    return ['Its webhook is disabled: nothing is sent until it is enabled.'];
  }
  if (webhook?.failing) {
    return [
      'Its endpoint does nothing but fail: the gateway tries it with single deliveries, and sends the others once it answers well.',
    ];
  }
  return [];
}

function pending(made: number, held: readonly string[]): Outlook {
  const title = made === 0 ? 'Waits for its first attempt' : 'Waits to be sent again';
  const why = 'It is in the queue of its webhook: behind earlier ones, and within the limits of the webhook.';
  return { title, at: null, why: held.length > 0 ? held : [why] };
}

/** Attempts that count: a replay by hand starts anew. */
function counted(attempts: readonly Attempt[]): number {
  return (
    attempts.length -
    Math.max(
      0,
      attempts.findLastIndex(({ manual }) => manual),
    )
  );
}

function attemptTitle(attempts: readonly Attempt[], webhook: Destination | null): string {
  const next = attempts.length + 1;
  const allowed = webhook?.maxAttempts ?? null;
  const most = allowed === null ? null : attempts.length - counted(attempts) + allowed;
  return most === null || most < next
    ? `Attempt ${next} comes next`
    : `Attempt ${next} of ${most} comes next`;
}

function pauseWhy(
  attempts: readonly Attempt[],
  at: string | null,
  titleOf: (errorClass: string) => string,
): readonly string[] {
  const last = attempts.at(-1);
  if (!last) return [];
  const place = counted(attempts);
  const step = scheduledPauseMs(place);
  const reason = last.errorClass === null ? '' : `: ${lowerFirst(titleOf(last.errorClass))}`;
  const failed = `Attempt ${last.number} failed${reason}.`;
  const pause = `After ${ordinal(place)} the gateway waits ${pauseWord(step)} (±20 %, so that deliveries that failed together do not come back together).`;
  if (at === null) return [failed, pause];
  const waits = Date.parse(at) - (Date.parse(last.startedAt) + last.durationMs);
  if (waits < step * (1 - retryJitter) - slackMs) return [failed, byHand];
  if (waits <= step * (1 + retryJitter) + slackMs) return [failed, pause];
  return [failed, askedForPause(last) ? asked(step) : byHand];
}

/** What the store and the clock may add to a pause. */
const slackMs = 2_000;
const byHand = 'Somebody asked to send it again, so it does not wait for the schedule.';

/** Whether the endpoint said that it gets too much, or named a time. */
function askedForPause({ statusCode, errorDetail }: Attempt): boolean {
  return statusCode === 429 || statusCode === 503 || (errorDetail?.includes('Retry-After') ?? false);
}

function asked(step: number): string {
  return `The schedule's pause would be ${pauseWord(step)}; the endpoint asked for a longer one, or said that it gets too much (429, 503).`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function ordinal(place: number): string {
  const words = ['the first', 'the second', 'the third'];
  return `${words[place - 1] ?? `attempt ${place}`}${place <= 3 ? ' attempt' : ''}`;
}

function endTitle(state: 'failed' | 'skipped'): string {
  return state === 'failed' ? 'No further attempt' : 'It is not sent';
}

function endWhy(reason: string | null, made: number): string {
  switch (reason) {
    case 'attempts_exhausted':
      return made === 1
        ? 'The one attempt that its webhook allows has failed.'
        : `All attempts that its webhook allows have failed; ${made} were made.`;
    case 'gave_up_after':
      return 'Its webhook gives up after a time, which has passed: a later report would be worth nothing.';
    case 'webhook_deleted':
      return 'Its webhook was deleted.';
    case 'outdated':
      return 'Its webhook wants the reports of a message in order, and one that says more was delivered already.';
    case 'erased':
      return 'Somebody asked for it to be forgotten while it waited.';
    case 'expired':
      return 'It still waited when its contents had been kept for as long as the account keeps them.';
    default:
      return reason === null ? 'No reason is kept.' : `Reason: ${reason}.`;
  }
}

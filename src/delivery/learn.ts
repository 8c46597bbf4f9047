import type { Clock } from '../core/clock.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { Verdict } from './classify.ts';
import type { Seat } from './seat.ts';

/** What learning needs of the dispatcher, see `DispatcherOptions`. */
export interface Learning {
  readonly clock: Clock;
  readonly onDisable: (webhookId: string, reason: string) => Promise<void> | void;
  readonly tell: Pick<Required<DeliveryObserver>, 'healthChanged' | 'paceLearnt'>;
  /** The seat still belongs to a webhook. */
  isCurrent(seat: Seat): boolean;
  /** Runs it after a while. */
  tryAgain(run: () => void): void;
}

/** A request that was answered. */
export interface AnsweredRequest {
  readonly kind: 'normal' | 'probe';
  /** All that was in it had failed before. */
  readonly isRetry: boolean;
  readonly startedAt: number;
}

/**
 * What an answer means for its lane: how much it may send, whether it rests, how its endpoint is doing, whether its
 * webhook is to be disabled.
 */
export function learn(
  seat: Seat,
  verdict: Verdict,
  { kind, isRetry, startedAt }: AnsweredRequest,
  learning: Learning,
): void {
  const { lane } = seat;
  const now = learning.clock.now();
  // Of an endpoint that takes others, "too many" is no failure: one that is down answers 503 to everything.
  const answer = { sign: verdict.sign, isRetry: isRetry || verdict.overloaded };
  if (!isStrain(verdict)) lane.concurrency.answered(lane.underWay + 1);
  else if (lane.health.counts(answer, now)) lane.concurrency.struggled(now);
  if (verdict.overloaded) lane.pace.tooMany(startedAt, now);
  else if (verdict.sign !== 'timed_out') lane.pace.answered(now);
  const news = lane.paceNews.look(lane.pace, now);
  if (news) learning.tell.paceLearnt(lane.webhookId, news.perSecond);
  if (verdict.slowDownUntil !== null) lane.rest.extend(now, verdict.slowDownUntil);
  const change = lane.health.ended(kind, answer, now);
  const reason = verdict.disable ?? (change?.kind === 'dead' ? 'failing' : null);
  if (reason && lane.enabled) void disable(seat, reason, learning);
  else if (change) learning.tell.healthChanged(lane.webhookId, change);
}

async function disable(seat: Seat, reason: string, learning: Learning): Promise<void> {
  const { lane } = seat;
  lane.enabled = false;
  try {
    await learning.onDisable(lane.webhookId, reason);
  } catch {
    learning.tryAgain(() => {
      if (!lane.enabled && learning.isCurrent(seat)) void disable(seat, reason, learning);
    });
  }
}

/** The endpoint did not keep up, rather than answered something unwanted. */
function isStrain({ overloaded, sign, errorClass }: Verdict): boolean {
  // Of one that wants fewer a second, the pace is learnt.
  return (
    (overloaded && sign !== 'busy') ||
    sign === 'timed_out' ||
    errorClass === 'refused' ||
    errorClass === 'reset'
  );
}

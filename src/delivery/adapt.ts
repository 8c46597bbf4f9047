import type { Clock } from '../core/clock.ts';
import type { DeliveryObserver } from '../core/delivery-observer.ts';
import type { Verdict } from './classify.ts';
import type { Lane } from './lanes/lane.ts';
import type { Lanes } from './lanes/lanes.ts';

/** What adapting needs of the dispatcher, see `DispatcherOptions`. */
export interface Adapting {
  readonly clock: Clock;
  readonly onDisable: (webhookId: string, reason: string) => Promise<void> | void;
  readonly tell: Pick<Required<DeliveryObserver>, 'healthChanged' | 'paceLearnt'>;
  readonly lanes: Pick<Lanes, 'isCurrent'>;
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
export function adapt(
  lane: Lane,
  verdict: Verdict,
  { kind, isRetry, startedAt }: AnsweredRequest,
  context: Adapting,
): void {
  const now = context.clock.now();
  // Of an endpoint that takes others, "too many" is no failure: one that is down answers 503 to everything.
  const answer = { sign: verdict.sign, isRetry: isRetry || verdict.overloaded };
  if (!isStrain(verdict)) lane.concurrency.answered(lane.underWay + 1);
  else if (lane.health.counts(answer, now)) lane.concurrency.struggled(now);
  if (verdict.overloaded) lane.pace.tooMany(startedAt, now);
  else if (verdict.sign !== 'timed_out') lane.pace.answered(now);
  const news = lane.paceNews.look(lane.pace, now);
  if (news) context.tell.paceLearnt(lane.webhookId, news.perSecond);
  if (verdict.slowDownUntil !== null) lane.rest.extend(now, verdict.slowDownUntil);
  const change = lane.health.ended(kind, answer, now);
  const reason = verdict.disable ?? (change?.kind === 'dead' ? 'failing' : null);
  if (reason && lane.enabled) void disable(lane, reason, context);
  else if (change) context.tell.healthChanged(lane.webhookId, change);
}

async function disable(lane: Lane, reason: string, context: Adapting): Promise<void> {
  lane.enabled = false;
  try {
    await context.onDisable(lane.webhookId, reason);
  } catch {
    context.tryAgain(() => {
      if (!lane.enabled && context.lanes.isCurrent(lane)) void disable(lane, reason, context);
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

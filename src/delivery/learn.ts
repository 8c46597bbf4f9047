import type { ErrorClass } from '../core/delivery.ts';
import type { Verdict } from './classify.ts';
import type { HealthChange } from './lanes/health.ts';
import type { Lane } from './lanes/lane.ts';

/** What an answer means for its lane: how much it may send, whether it rests, how its endpoint is doing. */
export function learn(
  lane: Lane,
  verdict: Verdict,
  kind: 'normal' | 'probe',
  now: number,
): HealthChange | null {
  if (verdict.overloaded || isStrain(verdict.errorClass)) lane.concurrency.struggled(now);
  else lane.concurrency.answered(lane.underWay + 1);
  if (verdict.slowDownUntil !== null) lane.rest.extend(now, verdict.slowDownUntil);
  return lane.health.ended(kind, verdict.errorClass === null, now);
}

/** The endpoint did not keep up, rather than answered something unwanted. */
function isStrain(errorClass: ErrorClass | null): boolean {
  switch (errorClass) {
    case 'timeout_connect':
    case 'timeout_headers':
    case 'timeout_body':
    case 'refused':
    case 'reset':
      return true;
    default:
      return false;
  }
}

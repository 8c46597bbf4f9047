import { createHealth } from '../lanes/health.ts';
import { Lane, type LaneSettings } from '../lanes/lane.ts';
import { createLaneMemory } from '../lanes/memory.ts';

/** A lane of an endpoint that is well, without limits but those given. */
export function openLane(settings: Partial<LaneSettings> = {}, memory = createLaneMemory()): Lane {
  const health = createHealth({ random: () => 0.5, deadAfterMs: Number.POSITIVE_INFINITY });
  return new Lane(
    'wh_1',
    { maxConcurrency: 50, ratePerSecond: null, batch: null, ...settings },
    health,
    memory,
  );
}

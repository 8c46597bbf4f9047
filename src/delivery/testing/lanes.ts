import type { WebhookSettings, WebhookWithSecrets } from '../../core/webhook.ts';
import { testSettings, testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { Lane } from '../lanes/lane.ts';
import { createLaneMemory } from '../lanes/memory.ts';
import { createFakeSender } from './fake-sender.ts';

const unlimited = { maxConcurrency: 50, ratePerSecond: null, batch: null };

function registered(settings: Partial<WebhookSettings>): WebhookWithSecrets {
  const webhook = testWebhook({ id: 'wh_1', settings: { ...testSettings, ...unlimited, ...settings } });
  return { webhook, secrets: [] };
}

/** A lane of an endpoint that is well, without limits but those given. */
export function openLane(settings: Partial<WebhookSettings> = {}, memory = createLaneMemory()): Lane {
  const clock = createManualClock();
  return new Lane(registered(settings), {
    ...{ clock, sender: createFakeSender(clock), random: () => 0.5, deadAfterMs: Number.POSITIVE_INFINITY },
    ...{ memory, tell: { breakerChanged() {} }, wake() {} },
  });
}

/** Changes what a lane's webhook asks for, and nothing that makes it a new version. */
export function configureLane(lane: Lane, settings: Partial<WebhookSettings>): void {
  lane.configure(registered(settings));
}

import Type from 'typebox';
import type { DeliveryWithEvent } from '../../../../stores/ports/history.ts';
import { maskForViewer } from '../../../answers/mask-for-viewer.ts';
import type { App } from '../../../app-types.ts';
import { callerOf } from '../../../app-types.ts';
import type { Authenticator } from '../../../callers/auth.ts';
import { mayStill } from '../../../callers/may-still.ts';
import { numberFilter } from '../../../shapes/number-filter.ts';
import type { SharedServices } from '../../../shared-services.ts';
import { liveFilters } from '../schema.ts';
import { deliveryView } from '../view.ts';
import { eventFrame, openEventStream } from './event-stream.ts';

const access = 'deliveries:read';

const description = `
A stream of Server-Sent Events. After every attempt, once it is on disk, comes an event \`delivery\` whose data is the
delivery as the list shows it. Filters are those of the list without \`from\` and \`to\`.

A client that takes less than it is sent misses some, and so may one that watches what other gateways of a cluster send, of more
than 500 a second of an account: \`skipped\` with \`{ "count": 12 }\` says how many. One that takes
nothing for 30 s is disconnected. \`closed\` with \`{ "reason": "stopping" | "unauthorized" | "crowded" }\` comes before the
gateway ends the stream; \`crowded\`: there are no more places, and another account, which has fewer streams, takes this one. A comment every 15 s keeps the connection open. Nothing is sent again after a reconnection: ask the list
for what was missed.
`.trim();

/** Deliveries as they happen. */
export function routeLive(
  app: App,
  services: Pick<SharedServices, 'clock'>,
  authenticator: Authenticator,
): void {
  // Many clients get the same delivery one after another.
  const whole = rememberLast((delivery) => deliveryView(delivery));
  const masked = rememberLast((delivery) => maskForViewer(deliveryView(delivery)));

  app.get(
    '/v1/live',
    {
      config: { access, takesTurns: false, errors: ['slow_down', 'stopping'] },
      // A HEAD would open a stream that nobody reads.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamDeliveries',
        summary: 'Watch deliveries as they happen',
        description,
        tags: ['Deliveries'],
        querystring: liveFilters,
        response: {
          200: { description: 'Events', content: { 'text/event-stream': { schema: Type.String() } } },
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const frameOf = caller.masksNumbers ? masked : whole;
      const { accountId: named, ...same } = request.query;
      const { reach } = request;
      const filter = { ...same, ...numberFilter(caller, same) };
      const leave = reach.watch(reach.of(named), filter, {
        deliver: (delivery) => stream.send(() => frameOf(delivery)),
        skip: (count) => stream.skip(count),
        end: (reason) => stream.end(reason),
      });
      const credentials = { method: request.method, headers: request.headers };
      // What the stream writes is not Fastify's answer, which may hold a cookie.
      const cookies = reply.getHeader('set-cookie');
      if (cookies !== undefined) reply.raw.setHeader('set-cookie', cookies);
      reply.hijack();
      async function checkAgain(): Promise<void> {
        if (!(await mayStill(authenticator, access, credentials, caller))) stream.end('unauthorized');
      }
      const unwatch = authenticator.onForget(() => void checkAgain());
      const { clock } = services;
      const left = caller.guest && Math.max(0, caller.guest.until - clock.now());
      const stay = left === undefined ? null : clock.setTimer(() => stream.end('unauthorized'), left);
      const stream = openEventStream(reply.raw, {
        clock,
        // Other processes change keys too.
        onHeartbeat: checkAgain,
        onClose() {
          unwatch();
          stay?.cancel();
          leave();
        },
      });
    },
  );
}

/** Writes deliveries as frames, and the same one again without doing it twice. */
function rememberLast(
  show: (delivery: DeliveryWithEvent) => object,
): (delivery: DeliveryWithEvent) => string {
  const last: { delivery: DeliveryWithEvent | null; frame: string } = { delivery: null, frame: '' };
  return (delivery) => {
    if (last.delivery !== delivery) {
      last.frame = eventFrame('delivery', JSON.stringify(show(delivery)));
      last.delivery = delivery;
    }
    return last.frame;
  };
}

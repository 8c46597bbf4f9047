import { type InputError, invalidInput } from '../../../core/errors.ts';
import type { ReceiveAnswer, ReceivedItem } from '../../../sources/http-api/receive-events.ts';
import { sendProblem } from '../../answers/problem.ts';
import type { App } from '../../app-types.ts';
import { eventsBody } from '../../body/limits.ts';
import { keepNothing } from '../../idempotency/answer-once.ts';
import { leaveBody } from '../../requests/check-request.ts';
import { accountQuery, idParams } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';
import { eventDetail, eventsAnswer, mostEvents, newEvents } from './schema.ts';
import { eventDetailView } from './view.ts';

const tags = ['Events'];

/** @throws HookwireError `invalid_input` unless it is an object or a list of 1 to 1,000 */
function itemsOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) {
    if (typeof body === 'object' && body !== null) return [body];
    throw invalidInput([
      { path: '', message: `The body must be an event, or a list of at most ${mostEvents}.` },
    ]);
  }
  if (body.length === 0)
    throw invalidInput([{ path: '', message: 'The list must have at least one event.' }]);
  if (body.length > mostEvents) {
    throw invalidInput([
      { path: '', message: `The list has ${body.length} events; at most ${mostEvents} are taken.` },
    ]);
  }
  return body;
}

/** The errors of all items, with paths from the body's root. */
function errorsOf(events: readonly ReceivedItem[], single: boolean): InputError[] {
  return events.flatMap((item, index) =>
    (item.errors ?? []).map(({ path, message }) => ({ path: single ? path : inItem(index, path), message })),
  );
}

function inItem(index: number, path: string): string {
  if (path === '') return `[${index}]`;
  return path.startsWith('[') ? `[${index}]${path}` : `[${index}].${path}`;
}

/** Of an answer that refuses events; the rest of the document has less than the KiB that is missing. */
const mostAnswerBytes = 63 * 1024;

/** The answer with as many of its results, in their order, as have these bytes. */
function fittingIn(mostBytes: number, answer: ReceiveAnswer): ReceiveAnswer {
  let bytes = 0;
  const past = answer.events.findIndex((result) => {
    bytes += sizeOf(result) + 1;
    return bytes > mostBytes;
  });
  return past < 0 ? answer : { ...answer, events: answer.events.slice(0, past) };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function routeEvents(app: App, services: Pick<SharedServices, 'senders'>): void {
  app.post(
    '/v1/events',
    {
      config: {
        access: 'events:write',
        repeats: 'inMemory',
        body: eventsBody,
        takesTurns: false,
        unlimitedCalls: true,
        errors: ['slow_down', 'stopping'],
        audit: 'nothing',
      },
      validatorCompiler: leaveBody,
      // Before the body is read: an account that does not slow down costs little.
      onRequest(request, _reply, done) {
        done(request.reach.events.refusal() ?? undefined);
      },
      schema: {
        operationId: 'acceptEvents',
        summary: 'Hand in events',
        description:
          'One, or a list of at most 1,000. What is answered as `accepted` is on disk, with its deliveries. A bad ' +
          'event in a list does not hold up the others; if all are bad, the answer is 422. The events of an account ' +
          'that is at a limit are rejected with the code `slow_down`, those of one of which too much waits to be written ' +
          'with `overloaded`; if nothing was taken because of that, the answer is 429 or 503 and the whole call may be ' +
          'sent again.',
        tags,
        body: newEvents,
        response: { 202: eventsAnswer },
      },
    },
    async (request, reply) => {
      const items = itemsOf(request.body);
      const answer = await request.reach.events.receive(items);
      if (answer.rejected === items.length) {
        const error = invalidInput(errorsOf(answer.events, !Array.isArray(request.body)));
        return sendProblem(reply, error, fittingIn(mostAnswerBytes - sizeOf(error.errors), answer));
      }
      // What was rejected for a limit may be taken when the call comes again; what was accepted is then a duplicate.
      if (answer.rejected > 0) keepNothing(request);
      return reply.code(202).send(answer);
    },
  );

  app.get(
    '/v1/events/:id',
    {
      config: { access: 'deliveries:read', idOf: 'event' },
      schema: {
        operationId: 'getEvent',
        summary: 'Get an event with its deliveries',
        description:
          "By the gateway's id or the caller's own; for its own an operator key names the account.",
        tags,
        params: idParams,
        querystring: accountQuery,
        response: { 200: eventDetail },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { stored, keptUntil } = await request.reach.of(request.query.accountId).events.find(id);
      return eventDetailView(stored, keptUntil, services.senders.isUnmatched(stored.event));
    },
  );
}

import type { Socket } from 'node:net';
import { HookwireError } from '../../core/errors.ts';
import type { App } from '../app-types.ts';
import { answerConnect } from '../connections/client-error.ts';
import type { CallLimits } from './call-limits.ts';

const mostHeaders = 100;
/** As Node looks for it. */
const continues = /(?:^|\W)100-continue(?:$|\W)/i;

/** Before anything else is found out, so that calls to nowhere count too. */
export function countAddresses(app: App, calls: CallLimits): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (!request.routeOptions.config.unlimitedCalls) calls.countAddress(request.ip);
    done();
  });
}

/**
 * Refuses what is not to be looked at any further.
 * @param refusalOf why a connection is not to be served, where there are too many
 */
export function guardRequests(
  app: App,
  refusalOf: ((socket: Socket) => HookwireError | null) | undefined,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf?.(request.raw.socket);
    if (!refusal) return done();
    reply.header('connection', 'close');
    // Whoever watches over the gateway must see that it lives.
    done(request.routeOptions.config.unlimitedCalls && request.method === 'GET' ? undefined : refusal);
  });
  // Else Node answers these itself, with no problem.
  app.server.on('checkExpectation', (request, answer) => app.server.emit('request', request, answer));
  app.server.on('connect', (_request, socket) => answerConnect(socket));
  app.addHook('onRequest', ({ raw: { headers, httpVersion } }, _reply, done) => {
    const isOther = headers.expect !== undefined && !continues.test(headers.expect);
    if (!isOther || httpVersion !== '1.1') return done();
    done(new HookwireError('invalid_request', 'The Expect header can only be "100-continue": leave it out.'));
  });
  app.addHook('onRequest', (request, _reply, done) => {
    // Name and value by turns.
    if (request.raw.rawHeaders.length > 2 * mostHeaders) {
      done(new HookwireError('headers_too_large', `The request has more than ${mostHeaders} headers.`));
    } else done();
  });
}

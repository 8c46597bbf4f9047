import type { Socket } from 'node:net';
import { HookwireError } from '../../core/errors.ts';
import type { App } from '../app-types.ts';
import type { CallLimits } from './call-limits.ts';

const mostHeaders = 100;

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
  app.addHook('onRequest', (request, _reply, done) => {
    // Name and value by turns.
    if (request.raw.rawHeaders.length > 2 * mostHeaders) {
      done(new HookwireError('headers_too_large', `The request has more than ${mostHeaders} headers.`));
    } else done();
  });
}

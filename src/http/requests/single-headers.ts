import { HookwireError } from '../../core/errors.ts';
import type { App } from '../app-types.ts';
import { accountHeader } from '../callers/person-caller.ts';
import { keyHeader } from '../idempotency/answer-once.ts';

/** Said twice, a proxy may believe the one and the gateway the other. With a bit of its own each. */
const single = new Map(
  ['host', 'authorization', 'content-type', accountHeader, keyHeader].map((name, i) => [name, 1 << i]),
);
const host = 1;

/**
 * A host, and a port if there is one (RFC 3986 §3.2.2). It may be empty. Commas are refused, which a name may have by the RFC and
 * none has: they are what a proxy makes of two of these headers.
 */
const hostAndPort = /^(?:\[[0-9a-f:.]+\]|[\w.~!$&'()*+;=%-]*)(?::\d*)?$/i;

/** Refuses what says twice who is asked or who asks, and what does not say, or not properly, who is asked (RFC 9112 §3.2). */
export function refuseAmbiguous(app: App): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    let seen = 0;
    // Name and value by turns.
    for (let i = 0; i < raw.rawHeaders.length; i += 2) {
      const name = (raw.rawHeaders[i] ?? '').toLowerCase();
      const bit = single.get(name) ?? 0;
      if ((seen & bit) !== 0) {
        return done(new HookwireError('invalid_request', `The request has two "${name}" headers.`));
      }
      seen |= bit;
      if (bit === host && !hostAndPort.test(raw.rawHeaders[i + 1] ?? '')) {
        const words = 'The "host" header is not one host, with or without a port.';
        return done(new HookwireError('invalid_request', words));
      }
    }
    if ((seen & host) === 0 && raw.httpVersion === '1.1') {
      return done(
        new HookwireError('invalid_request', 'The request has no Host header, which HTTP/1.1 needs.'),
      );
    }
    done();
  });
}

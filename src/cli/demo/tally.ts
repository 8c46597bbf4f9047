import type { ReceivedRequest } from '../../receiver/receiver.ts';
import type { Io } from '../io.ts';
import { describeRequest } from '../receiver/describe-request.ts';

/** Counts what the demo sends and gets. */
export interface DemoTally {
  accepted(events: number): void;
  received(request: ReceivedRequest): void;
  /** Prints the counts since the last call. */
  print(): void;
  /** What never happened since the start, as a sentence; `null` when events were accepted and requests arrived. */
  missing(): string | null;
}

/** Shows the first request to each path in full; the rest is counted. */
export function createTally(io: Io): DemoTally {
  const shown = new Set<string>();
  let anyEvent = false;
  let anyRequest = false;
  let events = 0;
  let requests = 0;
  let refused = 0;
  return {
    accepted(count) {
      events += count;
      if (count > 0) anyEvent = true;
    },
    received(request) {
      requests++;
      anyRequest = true;
      if (request.answer !== 200) refused++;
      const path = request.path.split('?', 1)[0] ?? '';
      if (shown.has(path)) return;
      shown.add(path);
      io.out(describeRequest(request, null));
    },
    print() {
      const failures = refused > 0 ? `, of which ${refused} answered 503 and tried again later` : '';
      io.out(`events accepted ${events}, requests received ${requests}${failures}\n`);
      events = 0;
      requests = 0;
      refused = 0;
    },
    missing() {
      if (!anyEvent) return 'The demo failed: no event was accepted.';
      return anyRequest
        ? null
        : 'The demo failed: events were accepted, but no request reached the endpoint.';
    },
  };
}

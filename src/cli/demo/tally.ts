import type { ReceivedRequest } from '../../receiver/receiver.ts';
import type { Io } from '../io.ts';
import { describeRequest } from '../receiver/describe-request.ts';

/** Counts what the demo sends and gets. */
export interface Tally {
  accepted(events: number): void;
  received(request: ReceivedRequest): void;
  /** Prints the counts since the last call. */
  print(): void;
}

/** Shows the first request to each path in full; the rest is counted. */
export function createTally(io: Io): Tally {
  const shown = new Set<string>();
  let events = 0;
  let requests = 0;
  let refused = 0;
  return {
    accepted(count) {
      events += count;
    },
    received(request) {
      requests++;
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
  };
}

import type { IncomingHttpHeaders } from 'node:http';

/** What a request shows of who makes it. */
export interface Credentials {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Where it comes from; not given: from somebody who was known before. */
  readonly ip?: string;
}

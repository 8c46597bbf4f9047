/**
 * The exact HTTP request for one delivery. Preview shows it, test and delivery send it.
 * `path` is path and query exactly as they go on the wire.
 */
export interface RenderedRequest {
  readonly method: 'GET' | 'POST';
  /** scheme, host and port: `https://example.com` */
  readonly origin: string;
  readonly path: string;
  /** Flat name, value, name, value … in the order of sending; without `host` and `content-length`. */
  readonly headers: readonly string[];
  readonly body: string | null;
}

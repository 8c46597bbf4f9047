/** In what shape the events come and to how many endpoints they go. */
export interface Shape {
  /** Events in a call. */
  readonly batch: number;
  readonly webhooks: number;
  readonly tls: boolean;
}

/** The options of a benchmark that can run in several shapes. */
export const shapeOptions = {
  batch: { type: 'string', default: '100' },
  webhooks: { type: 'string', default: '1' },
  tls: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
} as const;

/** The shape that was asked for; with `--all` batches and single events, one webhook and 1,000, without TLS and with. */
export function shapesOf(values: {
  readonly batch: string;
  readonly webhooks: string;
  readonly tls: boolean;
  readonly all: boolean;
}): readonly Shape[] {
  if (!values.all) {
    return [{ batch: Number(values.batch), webhooks: Number(values.webhooks), tls: values.tls }];
  }
  return [false, true].flatMap((tls) =>
    [1, 1_000].flatMap((webhooks) => [100, 1].map((batch) => ({ batch, webhooks, tls }))),
  );
}

/** Calls of `POST /v1/events` under way at once: 50 for single events, a few for batches. */
export function callers({ batch }: Shape): number {
  return batch === 1 ? 50 : 4;
}

/** `batches of 100, 1 webhook, TLS` */
export function shapeName({ batch, webhooks, tls }: Shape): string {
  const events = batch === 1 ? 'single events' : `batches of ${batch}`;
  const endpoints = webhooks === 1 ? '1 webhook' : `${webhooks.toLocaleString('en')} webhooks`;
  return `${events}, ${endpoints}${tls ? ', TLS' : ''}`;
}

/**
 * Before measuring, s: V8's compilers have work for some seconds (they cost 9 µs a delivery in the first ten seconds and 3
 * afterwards), and connections are opened first, which takes its time with TLS and a thousand endpoints.
 */
export function warmUpSeconds({ webhooks }: Shape): number {
  return webhooks === 1 ? 6 : 10;
}

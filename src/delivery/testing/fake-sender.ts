import type { Clock } from '../../core/clock.ts';
import type { ErrorClass } from '../../core/delivery.ts';
import type { Shortage } from '../../core/shortage.ts';
import type { RenderedRequest } from '../../rendering/request.ts';
import type { Channel } from '../send/channel.ts';
import type { SendResult } from '../send/send-result.ts';
import type { RequestSender } from '../send/sender.ts';

/** A request that is under way until the test answers it. */
export interface FakeRequest {
  /** Its `webhook-id`. */
  readonly id: string;
  readonly origin: string;
  readonly at: number;
  readonly body: string;
  /** What the endpoint says: a status, or `timeout`. A second answer changes nothing. */
  answer(status: number | 'timeout', retryAfter?: string): void;
  /** It ends without a whole answer. */
  fail(errorClass: ErrorClass): void;
  /** The machine is short of this, so that nothing leaves. */
  fallShort(of: Shortage): void;
}

export interface FakeSender extends RequestSender {
  /** Every request so far. */
  readonly sent: readonly FakeRequest[];
  /** Those that were not answered. */
  readonly underWay: ReadonlySet<FakeRequest>;
  /** Answers by itself with this status; `null`: waits for the test. */
  always: number | null;
  /** Hears of every request. */
  onSend: ((request: FakeRequest) => void) | null;
  readonly openChannels: ReadonlySet<string>;
}

export function createFakeSender(clock: Clock): FakeSender {
  const sent: FakeRequest[] = [];
  const underWay = new Set<FakeRequest>();
  const openChannels = new Set<string>();

  function send(sender: FakeSender, request: RenderedRequest): Promise<SendResult> {
    const { promise, resolve } = Promise.withResolvers<SendResult>();
    const startedAt = clock.now();
    const nothing = {
      ...{ headers: [], body: Buffer.alloc(0), truncated: false, resent: false },
      ...{ date: null, contentType: null, contentEncoding: null },
    };
    const entry: FakeRequest = {
      id: request.headers[request.headers.indexOf('webhook-id') + 1] ?? '',
      origin: request.origin,
      at: startedAt,
      body: request.body ?? '',
      answer(status, retryAfter) {
        underWay.delete(entry);
        resolve({
          startedAt,
          durationMs: clock.now() - startedAt,
          statusCode: status === 'timeout' ? null : status,
          retryAfter: retryAfter ?? null,
          error: status === 'timeout' ? { class: 'timeout_headers', detail: 'No answer.' } : null,
          shortage: null,
          ...nothing,
        });
      },
      fail(errorClass) {
        underWay.delete(entry);
        const error = { class: errorClass, detail: 'It failed.' };
        const durationMs = clock.now() - startedAt;
        resolve({
          ...{ startedAt, durationMs, statusCode: null, retryAfter: null, error, shortage: null },
          ...nothing,
        });
      },
      fallShort(shortage) {
        underWay.delete(entry);
        const error = { class: 'refused', detail: 'Short of something.' } as const;
        resolve({
          ...{ startedAt, durationMs: 0, statusCode: null, retryAfter: null, error, shortage },
          ...nothing,
        });
      },
    };
    sent.push(entry);
    underWay.add(entry);
    sender.onSend?.(entry);
    if (sender.always !== null) entry.answer(sender.always);
    return promise;
  }

  const sender: FakeSender = {
    sent,
    underWay,
    openChannels,
    always: null,
    onSend: null,
    open(origin) {
      openChannels.add(origin);
      const channel: Pick<Channel, 'send' | 'close' | 'resize' | 'destroy'> = {
        send: (request) => send(sender, request),
        resize() {},
        close: async () => void openChannels.delete(origin),
        destroy: async () => void openChannels.delete(origin),
      };
      return channel as Channel;
    },
    closeIdle() {},
    close: async () => {},
    destroy: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return sender;
}

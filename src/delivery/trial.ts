import type { Clock } from '../core/clock.ts';
import type { ErrorClass } from '../core/delivery.ts';
import { HookwireError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import { randomId } from '../core/ids.ts';
import { shortageWords } from '../core/shortage.ts';
import type { SigningSecret, WebhookConfig } from '../core/webhook.ts';
import { compileWebhook } from '../rendering/compile.ts';
import { renderRequest } from '../rendering/render.ts';
import type { RenderedRequest } from '../rendering/request.ts';
import { signingKey } from '../rendering/sign.ts';
import { classify } from './classify.ts';
import { answerText } from './send/answer-text.ts';
import type { RequestSender } from './send/sender.ts';

/** The request of a preview or a test, as it goes on the wire. */
export interface TrialRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

/** What came of a test. Both `response` and `error` are set when the answer did not count as a success. */
export interface TrialAnswer {
  readonly request: TrialRequest;
  readonly response: {
    readonly statusCode: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    /** At most the first 64 KiB, decoded. */
    readonly body: string;
    readonly truncated: boolean;
  } | null;
  readonly error: { readonly class: ErrorClass; readonly detail: string } | null;
  readonly durationMs: number;
}

/** Shows or sends the request of a webhook that need not be saved, by the same steps as a real delivery. */
export interface Trial {
  preview(config: WebhookConfig, event: Event, secrets: readonly SigningSecret[]): TrialRequest;
  /**
   * Sends it once, now; never rejects for what the endpoint does.
   * @param accountId whose test it is; `null`: the operator's
   * @throws HookwireError `overloaded` where the machine is short of something, so that it was not sent
   */
  send(
    config: WebhookConfig,
    event: Event,
    secrets: readonly SigningSecret[],
    accountId?: string | null,
  ): Promise<TrialAnswer>;
}

export function createTrial({
  sender,
  clock,
}: {
  readonly sender: RequestSender;
  readonly clock: Clock;
}): Trial {
  function render(config: WebhookConfig, event: Event, secrets: readonly SigningSecret[]): RenderedRequest {
    return renderRequest(compileWebhook(config), event, {
      id: randomId('test'),
      timestampSeconds: Math.floor(clock.now() / 1000),
      keys: secrets.map(({ secret }) => signingKey(secret)),
    });
  }

  return {
    preview: (config, event, secrets) => shown(render(config, event, secrets)),
    async send(config, event, secrets, accountId = null) {
      const request = render(config, event, secrets);
      const channel = sender.open(request.origin, {
        connections: 1,
        ...(accountId !== null && { account: accountId }),
      });
      try {
        const result = await channel.send(request, config.settings.timeoutMs);
        if (result.shortage) {
          const words = shortageWords[result.shortage];
          throw new HookwireError(
            'overloaded',
            `The gateway ${words} right now, so the test was not sent. This says nothing of the endpoint.`,
            { retryAfterSeconds: 10 },
          );
        }
        const { errorClass, errorDetail } = classify({
          result,
          settings: config.settings,
          attemptsSinceReplay: 1,
          acceptedAt: result.startedAt,
          now: clock.now(),
          random: () => 0,
        });
        const { statusCode, headers, truncated, durationMs } = result;
        return {
          request: shown(request),
          response: statusCode === null ? null : { statusCode, headers, body: answerText(result), truncated },
          error: errorClass && { class: errorClass, detail: errorDetail ?? '' },
          durationMs,
        };
      } finally {
        void channel.close();
      }
    },
  };
}

function shown({ method, origin, path, headers, body }: RenderedRequest): TrialRequest {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) pairs.push([headers[i] ?? '', headers[i + 1] ?? '']);
  return { method, url: origin + path, headers: pairs, body };
}

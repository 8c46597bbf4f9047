import type { WebhookSettings, WebhookWithSecrets } from '../core/webhook.ts';
import { type CompiledWebhook, compileWebhook } from '../rendering/compile.ts';
import { type SigningKey, signingKey } from '../rendering/sign.ts';
import type { Channel } from './send/channel.ts';
import type { RequestSender } from './send/sender.ts';

/** A webhook as an attempt needs it: its configuration compiled, its keys ready, its connections open. */
export interface Endpoint {
  readonly version: number;
  readonly compiled: CompiledWebhook;
  /** Host and port of its URL. */
  readonly host: string;
  readonly settings: WebhookSettings;
  keysAt(now: number): readonly SigningKey[];
  readonly channel: Channel;
}

/** One webhook's {@link Endpoint}, in step with its configuration. */
export interface OpenEndpoint {
  readonly current: Endpoint;
  /** A new version or new secrets; connections stay open where they still fit. */
  update(registered: WebhookWithSecrets): void;
  /** Lets requests under way end, then closes the connections. */
  close(): void;
}

export function openEndpoint(sender: RequestSender, first: WebhookWithSecrets): OpenEndpoint {
  let channel: Channel | null = null;
  let channelFor = '';
  let endpoint = make(first);

  function make(registered: WebhookWithSecrets): Endpoint {
    try {
      return open(registered);
    } catch (error) {
      return unusable(registered, error);
    }
  }

  function open({ webhook, secrets }: WebhookWithSecrets): Endpoint {
    const compiled = compileWebhook(webhook);
    const wanted = `${compiled.origin} ${webhook.settings.maxConcurrency}`;
    if (!channel || wanted !== channelFor) {
      void channel?.close();
      channel = sender.open(compiled.origin, {
        connections: webhook.settings.maxConcurrency,
        account: webhook.accountId,
      });
      channelFor = wanted;
    }
    return {
      version: webhook.version,
      compiled,
      host: new URL(compiled.origin).host,
      settings: webhook.settings,
      keysAt: keyChooser(secrets),
      channel,
    };
  }

  return {
    get current() {
      return endpoint;
    },
    update(registered) {
      endpoint = make(registered);
    },
    close() {
      void channel?.close();
    },
  };
}

/** A webhook whose configuration cannot be compiled holds up no other: each of its attempts fails with the reason. */
function unusable({ webhook }: WebhookWithSecrets, reason: unknown): Endpoint {
  const fail = (): never => {
    throw reason;
  };
  return {
    version: webhook.version,
    settings: webhook.settings,
    // It sends nothing, so it shares nothing.
    host: webhook.id,
    get compiled() {
      return fail();
    },
    get channel() {
      return fail();
    },
    keysAt: fail,
  };
}

/** The keys that sign at a moment: the current one and those whose overlap has not ended. */
function keyChooser(secrets: WebhookWithSecrets['secrets']): (now: number) => readonly SigningKey[] {
  const keys = secrets.map(({ secret, expiresAt }) => ({ key: signingKey(secret), expiresAt }));
  const all = keys.map(({ key }) => key);
  const firstEnd = Math.min(...keys.map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY));
  return (now) =>
    now < firstEnd
      ? all
      : keys.filter(({ expiresAt }) => expiresAt === null || now < expiresAt).map(({ key }) => key);
}

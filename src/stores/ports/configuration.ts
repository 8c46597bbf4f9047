import type { SigningSecret, Webhook, WebhookWithSecrets } from '../../core/webhook.ts';
import type { Account, ApiKey, Sender } from './directory.ts';

/** An API key with the SHA-256 of its secret part, which is all that is kept of it. */
export interface HashedKey {
  readonly key: ApiKey;
  readonly hash: string;
}

/** What people have configured. */
export interface Configuration {
  readonly accounts: readonly Account[];
  readonly senders: readonly Sender[];
  readonly keys: readonly HashedKey[];
  readonly webhooks: readonly WebhookWithSecrets[];
}

/** All that is configured, as of one moment. */
export interface StoredConfiguration extends Configuration {
  /** Ids of what was deleted: history names them, so nothing else gets them. */
  readonly deleted: {
    readonly accounts: ReadonlySet<string>;
    readonly webhooks: ReadonlySet<string>;
  };
}

/** A webhook that is there already. */
export interface WebhookChange {
  /** As it is to be, its version raised where its configuration is another. */
  readonly webhook: Webhook;
  readonly isNewVersion: boolean;
  readonly isNewStatus: boolean;
  /** What is to sign, newest first; the secrets that it had end now. `null`: they stay. */
  readonly secrets: readonly SigningSecret[] | null;
}

export interface ConfigurationChanges {
  readonly made: Configuration;
  readonly changed: {
    /** Their names, limits, and how long what is theirs is kept. */
    readonly accounts: readonly Account[];
    /** Their labels. */
    readonly senders: readonly Sender[];
    /** Their names and scopes. */
    readonly keys: readonly ApiKey[];
    readonly webhooks: readonly WebhookChange[];
  };
}

/** What is to be done with a configuration, and what whoever decided it wants to know afterwards. */
export interface ConfigurationDecision<T> {
  /** `null`: nothing is written. */
  readonly changes: ConfigurationChanges | null;
  readonly result: T;
}

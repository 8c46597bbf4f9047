import type { LimitChanges, LimitOverrides } from '../../core/account-limits.ts';
import type { OpenBreaker } from '../../core/delivery-observer.ts';
import type { OwnKeep } from '../../core/keeping.ts';
import type { ProductId, ReportType } from '../../core/products/product.ts';
import type { Scope } from '../../core/scopes.ts';
import type {
  RoutingRule,
  SigningSecret,
  Webhook,
  WebhookConfig,
  WebhookStatus,
  WebhookWithSecrets,
} from '../../core/webhook.ts';
import type { KeptAnswer, KeptAnswers } from './kept-answers.ts';
import type { Page, PageRequest } from './page.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** Those of its limits that are its own. */
  readonly limits: LimitOverrides;
  /** How long what is its own is kept, where it is not as long as for all. */
  readonly keep: OwnKeep;
}

/** An account to create; without `limits` and `keep` it has those that all have. */
export type NewAccount = Omit<Account, 'limits' | 'keep'> & Partial<Pick<Account, 'limits' | 'keep'>>;

export interface AccountChange {
  readonly name?: string;
  readonly limits?: LimitChanges;
  readonly keep?: Partial<OwnKeep>;
}

/** How much an account has of what may only be counted. */
export interface OwnedCounts {
  readonly webhooks: number;
  readonly keys: number;
  readonly senders: number;
}

/** An API key without its secret part. `accountId: null` is an operator's key. */
export interface ApiKey {
  readonly id: string;
  readonly accountId: string | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
}

/** A product-specific identity that an account may choose from (WhatsApp: a Waba Number). */
export interface Sender {
  readonly id: string;
  readonly accountId: string;
  readonly product: ProductId;
  readonly productUniqueId: string;
  readonly label: string | null;
  readonly createdAt: number;
}

export interface WebhookFilter {
  /** `null`: every account (operator). */
  readonly accountId: string | null;
  readonly product?: ProductId;
  readonly reportType?: ReportType;
  readonly status?: WebhookStatus;
  /** Text in the URL, the description, the id or the number. */
  readonly q?: string;
}

/** The gateway has disabled a webhook, at this instant. */
export interface Disabling {
  /** As it is now. */
  readonly webhook: Webhook;
  readonly at: number;
}

/** A webhook that was deleted, as it was then. */
export interface DeletedWebhook {
  readonly webhook: Webhook;
  readonly deletedAt: number;
}

/** What routing saw of a webhook at some instant. */
export interface RoutedWebhook {
  readonly id: string;
  readonly url: string;
  readonly status: WebhookStatus;
  readonly createdAt: number;
  readonly deletedAt: number | null;
  /** As it is now, or was when it was deleted. */
  readonly ruleNow: RoutingRule;
  /** As it was at the instant; `null`: it was not there yet. */
  readonly ruleThen: RoutingRule | null;
}

/** A signing secret that a webhook has or had. */
export interface PastSecret {
  /** `null`: wiped, because it is no longer needed. */
  readonly secret: string | null;
  /** Since when it signed; `null`: not known. */
  readonly from: number | null;
  /** Until when; `null`: it still does. */
  readonly until: number | null;
}

/**
 * Who may call, and what they configured. Secrets (signing secrets, custom header values) are encrypted at rest by the
 * store; keys arrive here as SHA-256 hashes only. A `null` or `false` answer means: there is no such thing.
 */
export interface Directory {
  /** What creates something takes the answer to its call along, in one transaction: both are kept, or neither. */
  readonly keptAnswers: KeptAnswers;

  /** `null` when the id is taken. */
  createAccount(account: NewAccount, kept?: KeptAnswer | null): Promise<Account | null>;
  listAccounts(page: PageRequest): Promise<Page<Account>>;
  getAccount(id: string): Promise<Account | null>;
  /** What `change` does not name stays as it is, each limit and each time by itself. */
  changeAccount(id: string, change: AccountChange): Promise<Account | null>;
  /** With its keys, senders and webhooks. */
  deleteAccount(id: string): Promise<boolean>;

  /** Of an account that exists; nothing of one that does not. */
  countOwned(accountId: string): Promise<OwnedCounts>;

  /**
   * `false` when the account has `most` keys already (`null`: no limit), looked at and written as one: of any number of
   * calls at once, no more than there is room for succeed. The same holds for senders and webhooks.
   */
  createKey(key: ApiKey, hash: string, most?: number | null, kept?: KeptAnswer | null): Promise<boolean>;
  /** `accountId: null` lists operator keys. */
  listKeys(accountId: string | null, page: PageRequest): Promise<Page<ApiKey>>;
  /** Those of these hashes that are keys, by hash, and how many keys had ever been deleted then. */
  findKeys(
    hashes: readonly string[],
  ): Promise<{ readonly keys: ReadonlyMap<string, ApiKey>; readonly deletions: number }>;
  /**
   * The hashes of the keys that were deleted since so many had been, whoever did it, and how many have been now; `hashes:
   * null` where they are too many to be remembered.
   */
  deletedKeys(
    since: number,
  ): Promise<{ readonly hashes: readonly string[] | null; readonly deletions: number }>;
  deleteKey(accountId: string | null, keyId: string): Promise<boolean>;

  /** `null` when the account already has it, `full` when it has `most` senders. */
  createSender(
    sender: Sender,
    most?: number | null,
    kept?: KeptAnswer | null,
  ): Promise<Sender | 'full' | null>;
  listSenders(
    filter: { accountId: string | null; product?: ProductId },
    page: PageRequest,
  ): Promise<Page<Sender>>;
  getSender(id: string): Promise<Sender | null>;
  deleteSender(id: string): Promise<boolean>;

  /** Saves version 1; `false` when the account has `most` webhooks already. */
  createWebhook(
    webhook: Webhook,
    secret: SigningSecret,
    most?: number | null,
    kept?: KeptAnswer | null,
  ): Promise<boolean>;
  listWebhooks(filter: WebhookFilter, page: PageRequest): Promise<Page<Webhook>>;
  getWebhook(id: string): Promise<Webhook | null>;
  /**
   * Saves the next version, of which it is not known how its endpoint is doing; `null` when it does not exist, or is at
   * another version than `ifVersion`.
   */
  replaceWebhook(id: string, config: WebhookConfig, now: number, ifVersion?: number): Promise<Webhook | null>;
  /** Enabling a disabled webhook makes it well: what was before does not count. */
  setWebhookStatus(
    id: string,
    status: WebhookStatus,
    reason: string | null,
    now: number,
  ): Promise<Webhook | null>;
  /**
   * Disables a webhook for a reason that the gateway has found, unless it is disabled already or its owner has done
   * something to it since it was as given: then `null`. Until {@link Directory.disablingTold} it is one of the untold.
   */
  disableWebhook(
    judged: Pick<Webhook, 'id' | 'version' | 'updatedAt'>,
    reason: string,
    now: number,
  ): Promise<Webhook | null>;
  /** Webhooks that the gateway has disabled and of which that was not told; a change of their status ends it. */
  untoldDisablings(): Promise<readonly Disabling[]>;
  /** It was told that this webhook was disabled at `at`. */
  disablingTold(webhookId: string, at: number): Promise<void>;
  /** Notes how a webhook's endpoint is doing; nothing happens where there is no such webhook. */
  setFailingSince(webhookId: string, at: number | null): Promise<void>;
  /** Which breakers were open when it was last written down, of webhooks that are not deleted. */
  loadOpenBreakers(): Promise<readonly OpenBreaker[]>;
  /** Writes down breakers that opened, again or for the first time, and the webhooks of those that closed. */
  saveBreakers(changes: {
    readonly opened: readonly OpenBreaker[];
    readonly closed: readonly string[];
  }): Promise<void>;
  /** Hides it from everything but history and {@link Directory.restoreWebhook}. */
  deleteWebhook(id: string, now: number): Promise<boolean>;
  /** `null` for a webhook that is not deleted, and for those of an account that is. */
  getDeletedWebhook(id: string): Promise<DeletedWebhook | null>;
  /**
   * Takes a deletion back, if it was at `deletedSince` or later and the account still exists; else `null`. `full`: the
   * account has `most` webhooks without it.
   */
  restoreWebhook(
    id: string,
    deletedSince: number,
    now: number,
    most?: number | null,
  ): Promise<Webhook | 'full' | null>;
  /** Wipes the signing secrets of webhooks that were deleted before this instant. */
  wipeDeletedSecrets(before: number): Promise<void>;
  /** A webhook's configuration as it was in a version, deleted or not. */
  getWebhookVersion(id: string, version: number): Promise<WebhookConfig | null>;
  /** An account's webhooks as they were at an instant, with those that were deleted at `deletedSince` or later; newest first. */
  routedWebhooks(accountId: string, at: number, deletedSince: number): Promise<readonly RoutedWebhook[]>;
  /** Everything that routing and signing need: of all webhooks, or of those of these ids that there are, at one moment. */
  loadWebhooks(ids?: readonly string[]): Promise<readonly WebhookWithSecrets[]>;

  /** Newest first; expired ones are left out. */
  getSecrets(webhookId: string, now: number): Promise<readonly SigningSecret[]>;
  /** Every secret of a webhook, deleted or not, newest first. */
  getSecretHistory(webhookId: string): Promise<readonly PastSecret[]>;
  /** Makes `secret` the current one; those before expire at `previousExpireAt` at the latest. */
  rotateSecret(
    webhookId: string,
    secret: string,
    now: number,
    previousExpireAt: number,
  ): Promise<readonly SigningSecret[]>;
}

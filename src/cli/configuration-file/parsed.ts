import type { LimitOverrides } from '../../core/account-limits.ts';
import type { OwnKeep } from '../../core/keeping.ts';
import type { ProductId } from '../../core/products/product.ts';
import type { Scope } from '../../core/scopes.ts';
import type { SigningSecret, WebhookConfig, WebhookStatus } from '../../core/webhook.ts';
import type { SignatureKind } from '../../rendering/signing-secret.ts';

/** What an entry of a file may have beside its contents. */
interface Entry {
  /** Where it stands in the file: `accounts[0].webhooks[3]`. */
  readonly path: string;
  /** `null`: the file names none. */
  readonly id: string | null;
  /** ms since the Unix epoch. */
  readonly createdAt: number | null;
}

export interface ParsedSender extends Entry {
  readonly product: ProductId;
  /** In its normal form. */
  readonly productUniqueId: string;
  readonly label: string | null;
}

export interface ParsedKey extends Entry {
  readonly name: string;
  readonly hash: string;
  readonly scopes: readonly Scope[];
}

export interface ParsedWebhook extends Entry {
  /** Checked by the rules of the API and completed with defaults. */
  readonly config: WebhookConfig;
  /** Names of headers, in lower case, of which the file has no value; in `config` these are empty. */
  readonly headersWithoutValue: ReadonlySet<string>;
  /** `null`: it stays as it is. */
  readonly status: { readonly status: WebhookStatus; readonly disabledReason: string | null } | null;
  /** Newest first; `null`: the file has none. */
  readonly secrets: readonly SigningSecret[] | null;
  readonly signature: SignatureKind;
}

/** `null` for what the file does not have, which stays as it is. What is wrong in the file is left out. */
export interface ParsedAccount extends Entry {
  readonly name: string;
  readonly limits: LimitOverrides | null;
  readonly keep: OwnKeep | null;
  readonly senders: readonly ParsedSender[];
  /** A sender of the file is wrong, so it is not known which numbers the account will have. */
  readonly hasWrongSenders: boolean;
  readonly keys: readonly ParsedKey[];
  readonly webhooks: readonly ParsedWebhook[];
}

export interface ParsedFile {
  readonly operatorKeys: readonly ParsedKey[];
  readonly accounts: readonly ParsedAccount[];
}

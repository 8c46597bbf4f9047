import type { Generated } from 'kysely';
import type { ProductId, ReportType } from '../../../core/products/product.ts';
import type { WebhookStatus } from '../../../core/webhook.ts';

export interface DirectoryTables {
  accounts: {
    id: string;
    name: string;
    created_at: number;
    deleted_at: number | null;
    limits: Generated<string>;
    keep_payload_days: Generated<number | null>;
    keep_log_days: Generated<number | null>;
  };
  api_keys: {
    id: string;
    account_id: string | null;
    name: string;
    scopes: string;
    hash: string;
    created_at: number;
  };
  deleted_keys: { number: Generated<number>; hash: string };
  senders: {
    account_id: string;
    id: string;
    product: ProductId;
    product_unique_id: string;
    label: string | null;
    created_at: number;
  };
  webhooks: {
    account_id: string;
    id: string;
    product: ProductId;
    report_type: ReportType;
    status: WebhookStatus;
    disabled_reason: string | null;
    failing_since: Generated<number | null>;
    untold_disabling: Generated<number | null>;
    search_text: string;
    version: number;
    created_at: number;
    updated_at: number;
    deleted_at: number | null;
  };
  webhook_versions: {
    account_id: string;
    webhook_id: string;
    version: number;
    config: string;
    created_at: number;
  };
  kept_answers: {
    scope: string;
    key: string;
    fingerprint: string;
    status: number;
    location: string | null;
    body: string | null;
    at: number;
  };
  open_breakers: { webhook_id: string; until: number; trips: number };
  /** `current`: 1 of the one that seals, else 0. */
  master_keys: { id: string; current: number; since: number };
  gateway_secrets: { name: string; sealed: string };
  webhook_secrets: {
    account_id: string;
    webhook_id: string;
    number: number;
    secret: string;
    expires_at: number | null;
    created_at: Generated<number | null>;
  };
}

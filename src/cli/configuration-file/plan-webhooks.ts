import { isDeepStrictEqual } from 'node:util';
import { randomId } from '../../core/ids.ts';
import { products } from '../../core/products/index.ts';
import { shown } from '../../core/shown.ts';
import {
  type NameAndValue,
  type SigningSecret,
  usualBatchBytes,
  type Webhook,
  type WebhookConfig,
  type WebhookWithSecrets,
} from '../../core/webhook.ts';
import { hidden } from '../../http/auditing/changes.ts';
import { webhookChanges } from '../../http/resources/webhooks/audit-changes.ts';
import { createSecret } from '../../rendering/signing-secret.ts';
import type { AuditChange } from '../../stores/ports/audit.ts';
import type { StoredConfiguration } from '../../stores/ports/configuration.ts';
import { maskUrl } from '../../telemetry/mask.ts';
import type { ParsedWebhook } from './parsed.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { HasNumber } from './plan-senders.ts';

/**
 * A webhook is known by its id. Without one it is the account's with the same product, report type, number and URL, if no
 * other entry of the file means that one.
 */
export function planWebhooks(stored: StoredConfiguration, draft: PlanDraft) {
  const byId = new Map(stored.webhooks.map((each) => [each.webhook.id, each]));
  const byAccount = Map.groupBy(stored.webhooks, ({ webhook }) => webhook.accountId);
  const ids = new Map<string, string>();

  /** `null`: it is new. */
  function find(
    parsed: ParsedWebhook,
    accountId: string,
    alike: (parsed: ParsedWebhook) => readonly WebhookWithSecrets[],
  ): WebhookWithSecrets | null | 'wrong' {
    const wrong = (message: string): 'wrong' => {
      draft.report(`${parsed.path}.${parsed.id === null ? 'url' : 'id'}`, message);
      return 'wrong';
    };
    const { id } = parsed;
    if (id === null) {
      const [found, ...more] = alike(parsed);
      if (more.length === 0) return found ?? null;
      const all = [found, ...more].map((each) => each?.webhook.id).join(', ');
      return wrong(
        `could be ${all}, which get the same reports at this URL: give the id of the one that is meant.`,
      );
    }
    const earlier = ids.get(id);
    if (earlier !== undefined) return wrong(`is the one of ${earlier} already.`);
    ids.set(id, parsed.path);
    if (stored.deleted.webhooks.has(id)) {
      return wrong(
        'is that of a webhook that was deleted here: restore it, or leave the id out for a new one.',
      );
    }
    const found = byId.get(id);
    if (found && found.webhook.accountId !== accountId) {
      return wrong(`is that of a webhook of account ${found.webhook.accountId}.`);
    }
    return found ?? null;
  }

  return {
    /** @param hasNumber `null`: not known, since a number in the file is wrong */
    plan(webhooks: readonly ParsedWebhook[], accountId: string, hasNumber: HasNumber | null): void {
      const named = new Set(webhooks.map(({ id }) => id));
      const unnamed = (byAccount.get(accountId) ?? []).filter(({ webhook }) => !named.has(webhook.id));
      const alikeThere = Map.groupBy(unnamed, ({ webhook }) => likenessOf(webhook));
      const alikeInFile = new Map<string, string>();
      for (const parsed of webhooks) {
        if (parsed.id === null && isTwice(parsed, alikeInFile, draft)) continue;
        const found = find(parsed, accountId, ({ config }) => alikeThere.get(likenessOf(config)) ?? []);
        if (found === 'wrong') continue;
        checkNumber(parsed, found?.webhook ?? null, hasNumber, draft);
        const config = withSavedHeaders(parsed, found?.webhook ?? null, draft);
        if (found) change(parsed, config, found, draft);
        else make(parsed, config, accountId, draft);
      }
    },
  };
}

function likenessOf({ product, reportType, productUniqueId, url }: WebhookConfig): string {
  return JSON.stringify([product, reportType, productUniqueId, url]);
}

function isTwice(parsed: ParsedWebhook, alike: Map<string, string>, draft: PlanDraft): boolean {
  const likeness = likenessOf(parsed.config);
  const earlier = alike.get(likeness);
  if (earlier === undefined) {
    alike.set(likeness, parsed.path);
    return false;
  }
  draft.report(
    `${parsed.path}.url`,
    `gets the same reports at the same URL as ${earlier}: give both an id of your own, such as wh_orders, to tell them apart.`,
  );
  return true;
}

function checkNumber(
  { path, config }: ParsedWebhook,
  saved: Webhook | null,
  hasNumber: HasNumber | null,
  draft: PlanDraft,
): void {
  const { product, productUniqueId: number } = config;
  if (number === null || number === saved?.productUniqueId || !hasNumber || hasNumber(product, number))
    return;
  draft.report(
    `${path}.productUniqueId`,
    `The account has no ${products[product].identity?.label} "${shown(number)}": it must be one of its senders, here or in the file.`,
  );
}

/** Values that the file does not have are those that are saved, for the host that they were saved for. */
function withSavedHeaders(
  { path, config, headersWithoutValue }: ParsedWebhook,
  saved: Webhook | null,
  draft: PlanDraft,
): WebhookConfig {
  if (headersWithoutValue.size === 0) return config;
  const isSameOrigin = saved !== null && new URL(saved.url).origin === new URL(config.url).origin;
  const customHeaders = config.customHeaders.map((header, index): NameAndValue => {
    const name = header.name.toLowerCase();
    if (!headersWithoutValue.has(name)) return header;
    const found = saved?.customHeaders.find((each) => each.name.toLowerCase() === name);
    if (found && isSameOrigin) return { name: header.name, value: found.value };
    const why = found ? 'its URL leads to another host than before' : 'there is none here to keep';
    draft.report(
      `${path}.customHeaders[${index}].value`,
      `is not in the file, and ${why}: write it in the file.`,
    );
    return header;
  });
  return { ...config, customHeaders };
}

function make(parsed: ParsedWebhook, config: WebhookConfig, accountId: string, draft: PlanDraft): void {
  const webhook: Webhook = {
    ...config,
    id: parsed.id ?? randomId('wh'),
    accountId,
    status: parsed.status?.status ?? 'enabled',
    disabledReason: parsed.status?.disabledReason ?? null,
    failingSince: null,
    version: 1,
    createdAt: parsed.createdAt ?? draft.now,
    // On this gateway it was never otherwise.
    updatedAt: draft.now,
  };
  const own = parsed.secrets && liveAt(draft.now, parsed.secrets);
  const secrets = own ?? [{ secret: createSecret(parsed.signature), expiresAt: null }];
  draft.made.webhooks.push({ webhook, secrets });
  draft.differ({ ...about(webhook), changes: null, hasNewSecret: own === null });
}

function change(
  parsed: ParsedWebhook,
  config: WebhookConfig,
  { webhook: before, secrets: secretsBefore }: WebhookWithSecrets,
  draft: PlanDraft,
): void {
  const changes = [...configChanges(before, config)];
  const isNewVersion = changes.length > 0;
  const { status, disabledReason } = parsed.status ?? before;
  const isNewStatus = status !== before.status;
  if (isNewStatus) changes.push({ field: 'status', from: before.status, to: status });
  else if (disabledReason !== before.disabledReason) {
    changes.push({ field: 'disabledReason', from: before.disabledReason, to: disabledReason });
  }
  const isWell = isNewVersion || (isNewStatus && status === 'enabled');
  const isOther = changes.length > 0;
  const secrets = newSecrets(parsed.secrets, secretsBefore, draft.now);
  if (secrets) changes.push({ field: 'secret', from: hidden, to: hidden });
  const webhook: Webhook = {
    ...before,
    ...config,
    status,
    disabledReason,
    failingSince: isWell ? null : before.failingSince,
    version: before.version + (isNewVersion ? 1 : 0),
    updatedAt: isOther ? draft.now : before.updatedAt,
  };
  if (draft.differ({ ...about(webhook), changes })) {
    draft.changed.webhooks.push({ webhook, isNewVersion, isNewStatus, secrets });
  }
}

/** `null` where those of the file sign already, or it has none. */
function newSecrets(
  own: readonly SigningSecret[] | null,
  before: readonly SigningSecret[],
  now: number,
): readonly SigningSecret[] | null {
  if (own === null) return null;
  const wanted = liveAt(now, own);
  return isDeepStrictEqual(wanted, liveAt(now, before)) ? null : wanted;
}

function liveAt(now: number, secrets: readonly SigningSecret[]): readonly SigningSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

function configChanges(saved: WebhookConfig, config: WebhookConfig): readonly AuditChange[] {
  const before = completed(saved);
  const changes = webhookChanges(before, config);
  const orders = (['customParameters', 'customHeaders'] as const).filter((list) => {
    const listed = changes.some(({ field }) => field.startsWith(`${list}.`));
    return !listed && !isDeepStrictEqual(before[list], config[list]);
  });
  const names = (list: readonly NameAndValue[]): string => list.map(({ name }) => name).join(', ');
  return [
    ...changes,
    ...orders.map((list) => ({ field: list, from: names(before[list]), to: names(config[list]) })),
  ];
}

/** Lists that were saved before they had a size have the usual one. */
function completed(config: WebhookConfig): WebhookConfig {
  const { batch } = config.settings;
  if (!batch) return config;
  return { ...config, settings: { ...config.settings, batch: { maxBytes: usualBatchBytes, ...batch } } };
}

function about(webhook: Webhook) {
  const { id, accountId, description, url } = webhook;
  return { kind: 'webhook', id, accountId, name: description ?? maskUrl(url) } as const;
}

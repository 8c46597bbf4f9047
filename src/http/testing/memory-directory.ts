import type { SigningSecret, Webhook } from '../../core/webhook.ts';
import type { Account, ApiKey, DeletedWebhook, Directory, Sender } from '../../stores/ports/directory.ts';
import type { KeptAnswer } from '../../stores/ports/kept-answers.ts';
import type { Page, PageRequest } from '../../stores/ports/page.ts';

/** Newest first; the cursor is the number of the next item. */
function page<T>(items: readonly T[], { limit, cursor }: PageRequest): Page<T> {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return { data: items.slice(start, end), nextCursor: end < items.length ? String(end) : null };
}

const newest = <T>(items: Map<string, T>): T[] => [...items.values()].reverse();

/** A directory in memory, as far as the HTTP API can tell it from a real one. */
export function createMemoryDirectory(): Directory {
  const accounts = new Map<string, Account>();
  const keys = new Map<string, ApiKey>();
  const hashes = new Map<string, string>();
  const deletedHashes: string[] = [];
  const senders = new Map<string, Sender>();
  const webhooks = new Map<string, Webhook>();
  const secrets = new Map<string, SigningSecret[]>();
  const deleted = new Map<string, DeletedWebhook>();

  function isFull(
    things: Map<string, { readonly accountId: string | null }>,
    accountId: string | null,
    most: number | null,
  ): boolean {
    return (
      most !== null && [...things.values()].filter((thing) => thing.accountId === accountId).length >= most
    );
  }

  function forgetHashes(which: (key: ApiKey) => boolean): void {
    for (const [hash, keyId] of hashes) {
      const key = keys.get(keyId);
      if (key && which(key) && hashes.delete(hash)) deletedHashes.push(hash);
    }
  }

  function update(id: string, change: Partial<Webhook>): Webhook | null {
    const saved = webhooks.get(id);
    if (!saved) return null;
    const next = { ...saved, ...change };
    webhooks.set(id, next);
    return next;
  }

  const keptByKey = new Map<string, KeptAnswer>();
  function keep(answer: KeptAnswer | null | undefined): void {
    if (answer) keptByKey.set(`${answer.scope} ${answer.key}`, answer);
  }

  return {
    keptAnswers: {
      async find(scope, key, since) {
        const found = keptByKey.get(`${scope} ${key}`);
        return found && found.at > since ? found : null;
      },
      keep: async (answer) => keep(answer),
      async forget(until) {
        for (const [id, { at }] of keptByKey) if (at <= until) keptByKey.delete(id);
      },
    },
    async createAccount(account, kept) {
      if (accounts.has(account.id)) return null;
      keep(kept);
      const created = { limits: {}, ...account };
      accounts.set(account.id, created);
      return created;
    },
    listAccounts: async (request) => page(newest(accounts), request),
    getAccount: async (id) => accounts.get(id) ?? null,
    async changeAccount(id, { name, limits }) {
      const saved = accounts.get(id);
      if (!saved) return null;
      const merged = Object.entries({ ...saved.limits, ...limits }).filter(([, value]) => value !== null);
      const changed = { ...saved, name: name ?? saved.name, limits: Object.fromEntries(merged) };
      accounts.set(id, changed);
      return changed;
    },
    async countOwned(accountId) {
      const count = (things: Map<string, { readonly accountId: string | null }>) =>
        [...things.values()].filter((thing) => thing.accountId === accountId).length;
      return { webhooks: count(webhooks), keys: count(keys), senders: count(senders) };
    },
    async deleteAccount(id) {
      forgetHashes((key) => key.accountId === id);
      return accounts.delete(id);
    },

    async createKey(key, hash, most = null, kept = null) {
      if (isFull(keys, key.accountId, most)) return false;
      keep(kept);
      keys.set(key.id, key);
      hashes.set(hash, key.id);
      return true;
    },
    async listKeys(accountId, request) {
      return page(
        newest(keys).filter((key) => key.accountId === accountId),
        request,
      );
    },
    async findKeys(wanted) {
      const found = wanted.flatMap((hash) => {
        const key = keys.get(hashes.get(hash) ?? '');
        return key ? [[hash, key] as const] : [];
      });
      return { keys: new Map(found), deletions: deletedHashes.length };
    },
    deletedKeys: async (since) => ({ hashes: deletedHashes.slice(since), deletions: deletedHashes.length }),
    async deleteKey(accountId, keyId) {
      if (keys.get(keyId)?.accountId !== accountId) return false;
      forgetHashes((key) => key.id === keyId);
      return keys.delete(keyId);
    },

    async createSender(sender, most = null, kept = null) {
      if (isFull(senders, sender.accountId, most)) return 'full';
      const same = ({ accountId, product, productUniqueId }: Sender) =>
        `${accountId} ${product} ${productUniqueId}`;
      if ([...senders.values()].some((known) => same(known) === same(sender))) return null;
      senders.set(sender.id, sender);
      keep(kept);
      return sender;
    },
    async listSenders({ accountId, product }, request) {
      const found = newest(senders).filter(
        (sender) =>
          (accountId === null || sender.accountId === accountId) &&
          (product === undefined || sender.product === product),
      );
      return page(found, request);
    },
    getSender: async (id) => senders.get(id) ?? null,
    deleteSender: async (id) => senders.delete(id),

    async createWebhook(webhook, secret, most = null, kept = null) {
      if (isFull(webhooks, webhook.accountId, most)) return false;
      webhooks.set(webhook.id, webhook);
      secrets.set(webhook.id, [secret]);
      keep(kept);
      return true;
    },
    async listWebhooks({ accountId, q, ...exact }, request) {
      const found = newest(webhooks).filter(
        (webhook) =>
          (accountId === null || webhook.accountId === accountId) &&
          Object.entries(exact).every(([name, value]) => Reflect.get(webhook, name) === value) &&
          (q === undefined || webhook.url.includes(q)),
      );
      return page(found, request);
    },
    getWebhook: async (id) => webhooks.get(id) ?? null,
    async replaceWebhook(id, config, now, ifVersion) {
      const version = webhooks.get(id)?.version ?? 0;
      if (ifVersion !== undefined && version !== ifVersion) return null;
      return update(id, { ...config, version: version + 1, failingSince: null, updatedAt: now });
    },
    setWebhookStatus: async (id, status, reason, now) =>
      update(id, {
        status,
        disabledReason: reason,
        updatedAt: now,
        ...(status !== webhooks.get(id)?.status && status === 'enabled' ? { failingSince: null } : {}),
      }),
    disableWebhook: async (judged, reason, now) => {
      const saved = webhooks.get(judged.id);
      const isStill = saved?.version === judged.version && saved.updatedAt === judged.updatedAt;
      if (!isStill || saved.status === 'disabled') return null;
      return update(judged.id, { status: 'disabled', disabledReason: reason, updatedAt: now });
    },
    untoldDisablings: async () => [],
    disablingTold: async () => {},
    loadOpenBreakers: async () => [],
    saveBreakers: async () => {},
    async setFailingSince(id, at) {
      update(id, { failingSince: at });
    },
    async deleteWebhook(id, now) {
      const webhook = webhooks.get(id);
      if (webhook) deleted.set(id, { webhook, deletedAt: now });
      return webhooks.delete(id);
    },
    async getDeletedWebhook(id) {
      const found = deleted.get(id);
      return found && accounts.has(found.webhook.accountId) ? found : null;
    },
    async restoreWebhook(id, deletedSince, now, most = null) {
      const found = deleted.get(id);
      if (!found || found.deletedAt < deletedSince) return null;
      if (isFull(webhooks, found.webhook.accountId, most)) return 'full';
      deleted.delete(id);
      webhooks.set(id, { ...found.webhook, updatedAt: now });
      return webhooks.get(id) ?? null;
    },
    wipeDeletedSecrets: async () => {},
    async routedWebhooks(accountId, at) {
      const all = newest(webhooks).map((webhook) => ({ webhook, deletedAt: null }));
      return [...all, ...deleted.values()]
        .filter(({ webhook }) => webhook.accountId === accountId)
        .map(({ webhook, deletedAt }) => ({
          ...{ id: webhook.id, url: webhook.url, status: webhook.status },
          ...{ createdAt: webhook.createdAt, deletedAt },
          ...{ ruleNow: webhook, ruleThen: webhook.createdAt > at ? null : webhook },
        }));
    },
    getWebhookVersion: async (id, version) => {
      const saved = webhooks.get(id) ?? deleted.get(id)?.webhook;
      return saved?.version === version ? saved : null;
    },
    loadWebhooks: async () =>
      newest(webhooks).map((webhook) => ({ webhook, secrets: secrets.get(webhook.id) ?? [] })),

    getSecrets: async (id) => secrets.get(id) ?? [],
    getSecretHistory: async (id) =>
      (secrets.get(id) ?? []).map(({ secret, expiresAt }) => ({ secret, from: 0, until: expiresAt })),
    async rotateSecret(id, secret, _now, previousExpireAt) {
      const before = (secrets.get(id) ?? []).map(({ secret: old, expiresAt }) => ({
        secret: old,
        expiresAt: Math.min(expiresAt ?? previousExpireAt, previousExpireAt),
      }));
      const all = [{ secret, expiresAt: null }, ...before];
      secrets.set(id, all);
      return all;
    },
  };
}

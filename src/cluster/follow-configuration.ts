import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.ts';
import type { WebhookWithSecrets } from '../core/webhook.ts';
import type { KnownAccounts } from '../routing/known-accounts.ts';
import type { KnownSenders } from '../routing/known-senders.ts';
import type { WebhookRegistry } from '../routing/registry.ts';
import type { Account, Directory, Sender } from '../stores/ports/directory.ts';
import type { Page, PageRequest } from '../stores/ports/page.ts';
import type { ConfigurationNews } from '../stores/ports/process-messages.ts';
import { type Followed, followKind } from './follow-kind.ts';

export interface FollowConfigurationOptions {
  readonly news: ConfigurationNews;
  readonly directory: Pick<
    Directory,
    'listAccounts' | 'getAccount' | 'listSenders' | 'getSender' | 'listWebhooks' | 'loadWebhooks'
  >;
  readonly accounts: Pick<KnownAccounts, 'ids' | 'put' | 'remove' | 'onOwnChange'>;
  readonly senders: Pick<KnownSenders, 'ids' | 'put' | 'remove' | 'onOwnChange'>;
  readonly registry: Pick<WebhookRegistry, 'get' | 'all' | 'ofAccount' | 'put' | 'remove' | 'onChange'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

/** Keeps what a process knows of the configuration as it is in the store. */
export interface ConfigurationFollower {
  /**
   * Reads a webhook as it is now, and makes it known; for whoever does not know it, before he concludes that there is none.
   *
   * @returns `null` where it was deleted, or never was
   * @throws where the store cannot be asked: then nothing is to be concluded
   */
  refresh(webhookId: string): Promise<WebhookWithSecrets | null>;
  /** Resolves when everything that was heard of until now is known. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const pageSize = 200;

/**
 * Follows what any process, or a command beside them, changes of the configuration. To be called when all of it was read, or while
 * nothing of it is known: what was changed since {@link ConfigurationNews} began is read again.
 */
export function followConfiguration(options: FollowConfigurationOptions): ConfigurationFollower {
  const { news, directory, accounts, senders, registry, clock, log } = options;

  const ofAccounts: Followed<Account> = {
    read: (ids) => readEach(ids, directory.getAccount),
    readAll: () => readPages(directory.listAccounts),
    idOf: ({ id }) => id,
    known: accounts.ids,
    put: accounts.put,
    remove(id) {
      accounts.remove(id);
      for (const { webhook } of registry.ofAccount(id)) registry.remove(webhook.id);
    },
  };
  const ofSenders: Followed<Sender> = {
    read: (ids) => readEach(ids, directory.getSender),
    readAll: () => readPages((page) => directory.listSenders({ accountId: null }, page)),
    idOf: ({ id }) => id,
    known: senders.ids,
    put: senders.put,
    remove: senders.remove,
  };
  /** What the registry tells of meanwhile is not somebody else's change. */
  let isFollowing = false;
  function follow(change: () => void): void {
    isFollowing = true;
    try {
      change();
    } finally {
      isFollowing = false;
    }
  }
  const ofWebhooks: Followed<WebhookWithSecrets> = {
    read: directory.loadWebhooks,
    readAll: () => readWebhookPages(directory),
    idOf: ({ webhook }) => webhook.id,
    known: () => registry.all().map(({ webhook }) => webhook.id),
    put(registered) {
      const known = registry.get(registered.webhook.id);
      // A lane begins anew with each change that it is told of.
      if (known && isSame(known, registered, clock.now())) return;
      follow(() => registry.put(registered));
    },
    remove: (id) => follow(() => registry.remove(id)),
  };

  const onFailure = (err: unknown): void =>
    log.warn({ err }, 'What others changed of the configuration could not be read; it is tried again.');
  const kinds = {
    account: followKind({ followed: ofAccounts, clock, onFailure }),
    sender: followKind({ followed: ofSenders, clock, onFailure }),
    webhook: followKind({ followed: ofWebhooks, clock, onFailure }),
  };
  accounts.onOwnChange(kinds.account.changedHere);
  senders.onOwnChange(kinds.sender.changedHere);
  registry.onChange((webhookId) => {
    if (!isFollowing) kinds.webhook.changedHere(webhookId);
  });
  news.onMissed(() => {
    for (const kind of Object.values(kinds)) kind.missed();
  });
  news.onChanged(({ of, id }) => kinds[of].changed(id));

  return {
    async refresh(webhookId) {
      await kinds.webhook.readNow(webhookId);
      return registry.get(webhookId) ?? null;
    },
    async settled() {
      await Promise.all(Object.values(kinds).map((kind) => kind.settled()));
    },
    async close() {
      await Promise.all(Object.values(kinds).map((kind) => kind.close()));
    },
  };
}

/**
 * Whether two are the same but for how the endpoint is doing, which is written down with the traffic and which nobody takes from
 * here, and for secrets that have expired.
 */
function isSame(a: WebhookWithSecrets, b: WebhookWithSecrets, now: number): boolean {
  const [one, other] = [a, b].map(({ webhook, secrets }) => ({
    ...{ ...webhook, failingSince: null },
    secrets: secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now),
  }));
  return isDeepStrictEqual(one, other);
}

async function readEach<Thing>(
  ids: readonly string[],
  get: (id: string) => Promise<Thing | null>,
): Promise<readonly Thing[]> {
  const things: Thing[] = [];
  for (const id of ids) {
    const thing = await get(id);
    if (thing !== null) things.push(thing);
  }
  return things;
}

async function* readPages<Thing>(
  list: (page: PageRequest) => Promise<Page<Thing>>,
): AsyncGenerator<readonly Thing[]> {
  let cursor: string | null = null;
  do {
    const page: Page<Thing> = await list({ limit: pageSize, cursor });
    yield page.data;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function* readWebhookPages({
  listWebhooks,
  loadWebhooks,
}: Pick<Directory, 'listWebhooks' | 'loadWebhooks'>): AsyncGenerator<readonly WebhookWithSecrets[]> {
  for await (const page of readPages((request) => listWebhooks({ accountId: null }, request)))
    yield await loadWebhooks(page.map(({ id }) => id));
}

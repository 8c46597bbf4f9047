import { type ConfigurationFollower, followConfiguration } from '../cluster/follow-configuration.ts';
import { systemClock } from '../core/clock.ts';
import { operatorAccountId } from '../core/operator-account.ts';
import { type KnownAccounts, knowAccounts } from '../routing/known-accounts.ts';
import { type KnownSenders, knowSenders } from '../routing/known-senders.ts';
import { createWebhookRegistry, type WebhookRegistry } from '../routing/registry.ts';
import type { Directory } from '../stores/ports/directory.ts';
import type { Basics } from './basics.ts';
import type { StoreParts } from './open-store.ts';

/** What is known in memory, so that accepting and delivering read no configuration from disk. */
export interface KnownParts {
  readonly accounts: KnownAccounts;
  readonly senders: KnownSenders;
  readonly registry: WebhookRegistry;
  /** What others change of it in the store becomes known as well. */
  readonly following: Pick<ConfigurationFollower, 'refresh' | 'settled'>;
  /** The store's, telling accounts and senders of what it changes. The registry is told by whoever changes a webhook. */
  readonly directory: Directory;
}

/** Reads it from the store; makes the operator's account where there is none. */
export async function loadKnown(
  { config, clock, log, parts }: Basics,
  { store, configurationNews: news }: Pick<StoreParts, 'store' | 'configurationNews'>,
): Promise<KnownParts> {
  const accounts = await knowAccounts(store.directory, config.limits.ofAccount, config.keep);
  if (!accounts.has(operatorAccountId)) {
    const account = { id: operatorAccountId, name: 'Operator', createdAt: clock.now() };
    await accounts.directory.createAccount(account);
  }
  const senders = await knowSenders(accounts.directory);
  const registry = createWebhookRegistry();
  for (const registered of await store.directory.loadWebhooks()) registry.put(registered);
  const known = { accounts, senders, registry, directory: senders.directory };
  // A process that is alone knows all that there is.
  if (!news) {
    const refresh = async (id: string) => registry.get(id) ?? null;
    return { ...known, following: { refresh, settled: async () => {} } };
  }
  const following = followConfiguration({ ...known, news, clock: systemClock, log });
  parts.defer(() => following.close());
  return { ...known, following };
}

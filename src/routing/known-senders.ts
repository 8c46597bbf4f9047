import type { Event } from '../core/event.ts';
import { products } from '../core/products/index.ts';
import { normalNumber } from '../shared/normal-number.ts';
import type { Directory, Sender } from '../stores/ports/directory.ts';

/** What an event says of whose number it is. */
export type OfSender = Pick<Event, 'accountId' | 'product' | 'productUniqueId'>;

/** Which numbers are senders of which account, in memory, since every event may name one. */
export interface KnownSenders {
  /** Whether an event names a number that is no sender of its account. */
  isUnmatched(event: OfSender): boolean;
  /** The directory, telling this of every sender that comes or goes. */
  readonly directory: Directory;
  /** The ids of all. */
  ids(): Iterable<string>;
  /** It is like this in the store, by whomever. */
  put(sender: Sender): void;
  /** It is not in the store any more. */
  remove(senderId: string): void;
  /** Hears of each sender that this process itself has made or deleted over {@link KnownSenders.directory}. */
  onOwnChange(listener: (senderId: string) => void): void;
}

export async function knowSenders(directory: Directory): Promise<KnownSenders> {
  const byId = new Map<string, Sender>();
  const byAccount = new Map<string, Map<string, Sender>>();
  const listeners: ((senderId: string) => void)[] = [];

  function changedHere(id: string): void {
    for (const listener of listeners) listener(id);
  }

  function know(sender: Sender): void {
    const own = byAccount.get(sender.accountId) ?? new Map<string, Sender>();
    own.set(keyOf(sender), sender);
    byAccount.set(sender.accountId, own);
    byId.set(sender.id, sender);
  }

  function forget(id: string): void {
    const sender = byId.get(id);
    if (!sender) return;
    byId.delete(id);
    const own = byAccount.get(sender.accountId);
    // Another one may have its number since.
    if (own?.get(keyOf(sender))?.id === id) own.delete(keyOf(sender));
  }

  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page: Awaited<ReturnType<Directory['listSenders']>> = await directory.listSenders(
      { accountId: null },
      { limit: 500, cursor },
    );
    for (const sender of page.data) know(sender);
    cursor = page.nextCursor;
  }
  return {
    isUnmatched(event) {
      const { accountId, product, productUniqueId } = event;
      if (productUniqueId === null || !products[product].identity) return false;
      return !byAccount.get(accountId)?.has(keyOf({ product, productUniqueId }));
    },
    directory: {
      ...directory,
      async createSender(sender, most, kept) {
        const created = await directory.createSender(sender, most, kept);
        if (created && created !== 'full') {
          know(created);
          changedHere(created.id);
        }
        return created;
      },
      async deleteSender(id) {
        const deleted = await directory.deleteSender(id);
        if (deleted) {
          forget(id);
          changedHere(id);
        }
        return deleted;
      },
      async deleteAccount(id) {
        const deleted = await directory.deleteAccount(id);
        if (!deleted) return false;
        const own = [...(byAccount.get(id)?.values() ?? [])];
        byAccount.delete(id);
        for (const sender of own) {
          byId.delete(sender.id);
          changedHere(sender.id);
        }
        return true;
      },
    },
    ids: () => byId.keys(),
    put: know,
    remove: forget,
    onOwnChange: (listener) => void listeners.push(listener),
  };
}

/** Events that were stored before numbers had one form have them as they came. */
function keyOf(of: { readonly product: Event['product']; readonly productUniqueId: string }): string {
  return `${of.product}\u0000${normalNumber(of.productUniqueId)}`;
}

import type { Cluster } from '../cluster/cluster.ts';
import { createLeadersWork, type LeadersWork } from '../cluster/leaders-work.ts';
import { type Bell, createBell } from '../core/bell.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditActor } from '../stores/ports/audit.ts';
import type { ErasureStore } from '../stores/ports/erasures.ts';
import type { ProcessMessages } from '../stores/ports/process-messages.ts';
import type { ErasureCalls, Erasures } from './erasures.ts';
import { newDeletion, newErasure } from './new-erasure.ts';

export interface ClusterErasuresOptions {
  /** Those of one who leads; knows of none yet. */
  readonly make: () => Erasures;
  readonly store: Pick<ErasureStore, 'create' | 'get' | 'list' | 'unfinished' | 'deletedWithoutTask'>;
  readonly cluster: Pick<Cluster, 'onLeading'>;
  readonly messages: Pick<ProcessMessages, 'tell' | 'on'>;
  readonly clock: Clock;
  readonly log: { warn(details: object, message: string): void };
}

export interface ClusterErasures extends ErasureCalls, LeadersWork {}

/** That one was put into the store. Who is to be forgotten is told to nobody. */
const newsKind = 'erasures';
const againMs = 1_000;
/** For words that were lost, and accounts whose deletion was cut short. */
const lookEveryMs = 60_000;
const byGateway: AuditActor = { kind: 'operatorKey', id: 'gateway', name: 'Hookwire' };

/**
 * Erasures of a cluster: at work in the process that leads, where they stand is in the store. Each process puts what it is asked
 * for into the store itself, so nothing is lost while nobody leads.
 */
export function createClusterErasures(options: ClusterErasuresOptions): ClusterErasures {
  const { make, store, cluster, messages, clock, log } = options;
  let leading: Erasures | null = null;
  let bell: Bell | null = null;
  let isAsked = false;

  const work = createLeadersWork(cluster, () => {
    const erasures = make();
    const own = createBell(clock);
    bell = own;
    leading = erasures;
    const working = lead(erasures, own);
    return async () => {
      leading = null;
      own.end();
      await working;
      await erasures.close();
    };
  });

  async function lead(erasures: Erasures, own: Bell): Promise<void> {
    let hasStarted = false;
    let deletedBefore: readonly string[] = [];
    while (!own.hasEnded) {
      try {
        if (hasStarted) await erasures.lookForMore();
        else await erasures.start();
        hasStarted = true;
        // Whoever deletes one right now makes its task in a moment.
        const deleted = await store.deletedWithoutTask();
        for (const id of deleted.filter((each) => deletedBefore.includes(each)))
          if (!erasures.removing(id)) await erasures.deleteAccount(id, byGateway);
        deletedBefore = deleted;
        if (!isAsked) await own.sleep(lookEveryMs);
        isAsked = false;
      } catch (error) {
        if (!own.hasEnded) log.warn({ err: error }, 'The erasures could not be taken up; it is tried again.');
        await own.sleep(againMs);
      }
    }
  }

  messages.on(newsKind, () => {
    isAsked = true;
    bell?.ring();
  });

  async function put<T extends Parameters<ErasureStore['create']>[0]>(erasure: T): Promise<T> {
    await store.create(erasure);
    messages.tell(null, newsKind, null);
    return erasure;
  }

  return {
    ...work,
    async create(request) {
      if (leading) return leading.create(request);
      return put(newErasure(request, await store.unfinished(), clock.now()));
    },
    async deleteAccount(accountId, by) {
      if (leading) return leading.deleteAccount(accountId, by);
      return put(newDeletion(accountId, by, clock.now()));
    },
    get: (id) => store.get(id),
    list: (filter, page) => store.list(filter, page),
    async removing(accountId) {
      const unended = await store.unfinished();
      return unended.find(({ deletedAccountId }) => deletedAccountId === accountId) ?? null;
    },
  };
}

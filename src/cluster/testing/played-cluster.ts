import type { LiveProcess } from '../../stores/ports/shard-leases.ts';
import type { Cluster } from '../cluster.ts';

/** Processes of which a test says who is there, whose a webhook is and who leads. */
export interface PlayedCluster {
  /** As one of them sees it. */
  of(id: string): Cluster;
  /** @param owner `null`: nobody's */
  give(webhookId: string, owner: string | null): void;
  lead(id: string | null): void;
  /** It is heard of no more; what it owned is nobody's. */
  die(id: string): void;
}

export function playCluster(...ids: readonly string[]): PlayedCluster {
  const owners = new Map<string, string | null>();
  const listeners: ((leader: string | null) => void)[] = [];
  let processes = ids.map(
    (id, node): LiveProcess => ({
      ...{ id, name: `${id}.example.com:1`, version: '1.0.0', couriers: 1, node },
      ...{ startedAt: 1, isLeaving: false, shards: 128 },
    }),
  );
  let leader: string | null = null;

  function lead(id: string | null): void {
    leader = id;
    for (const listener of listeners) listener(id);
  }

  return {
    of(id) {
      return {
        id,
        get processes() {
          return processes;
        },
        isCutOff: false,
        owns: (webhookId) => owners.get(webhookId) === id,
        ownerOf: (webhookId) => owners.get(webhookId) ?? null,
        get leads() {
          return leader === id;
        },
        get leader() {
          return leader;
        },
        onLeading(listener) {
          let led = leader === id;
          if (led) listener(true);
          listeners.push((now) => {
            if ((now === id) !== led) listener(now === id);
            led = now === id;
          });
        },
      };
    },
    give: (webhookId, owner) => void owners.set(webhookId, owner),
    lead,
    die(id) {
      processes = processes.filter((process) => process.id !== id);
      for (const [webhookId, owner] of owners) if (owner === id) owners.set(webhookId, null);
      if (leader === id) lead(null);
    },
  };
}

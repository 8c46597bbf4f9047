import type { DispatcherStatus } from '../delivery/dispatcher.ts';
import type { RetentionStatus } from '../stores/ports/retention.ts';
import type { LiveProcess } from '../stores/ports/shard-leases.ts';
import type { SealingStatus } from '../upkeep/resealing.ts';

/** What a process says of itself to those that share its store. */
export interface ProcessStanding {
  readonly delivery: Pick<DispatcherStatus, 'inFlight' | 'inMemory'>;
  readonly queuedEvents: number;
  /** How far what runs once has come, as far as it runs there. */
  readonly retention: RetentionStatus;
  readonly sealing: SealingStatus;
}

/** One of the processes that share the store, as it is shown. */
export interface ShownProcess extends LiveProcess {
  readonly leads: boolean;
  /** It is the one that was asked. */
  readonly isThis: boolean;
  /** `null`: it did not answer in time. */
  readonly standing: Pick<ProcessStanding, 'delivery' | 'queuedEvents'> | null;
}

/** All processes, and what the one that leads says of what runs once. */
export interface ProcessesLook {
  readonly processes: readonly ShownProcess[];
  /** `null`: none leads, or it did not answer. */
  readonly led: Pick<ProcessStanding, 'retention' | 'sealing'> | null;
}

/** The longest at work first. */
export function lookAtProcesses(
  cluster: {
    readonly id: string;
    readonly processes: readonly LiveProcess[];
    readonly leader: string | null;
  },
  standings: () => Promise<ReadonlyMap<string, ProcessStanding>>,
): () => Promise<ProcessesLook> {
  return async () => {
    const known = await standings();
    const { id: own, leader } = cluster;
    const processes = [...cluster.processes]
      .sort((a, b) => a.startedAt - b.startedAt || a.node - b.node)
      .map((process): ShownProcess => {
        const { id } = process;
        return { ...process, leads: id === leader, isThis: id === own, standing: known.get(id) ?? null };
      });
    return { processes, led: leader === null ? null : (known.get(leader) ?? null) };
  };
}

import { randomBytes } from 'node:crypto';
import { shardCount } from '../core/shards.ts';
import type { NewProcess } from '../stores/ports/shard-leases.ts';
import type { Cluster } from './cluster.ts';

/** A cluster of one process, for a store that no others share: every webhook is its own, and it leads from its start to its end. */
export function createSoleProcess(
  process: Omit<NewProcess, 'id'> & { readonly startedAt: number; readonly node?: number },
): Cluster {
  const id = randomBytes(16).toString('hex');
  const { node = 0 } = process;
  return {
    id,
    processes: [{ ...process, id, node, isLeaving: false, shards: shardCount }],
    isCutOff: false,
    owns: () => true,
    ownerOf: () => id,
    leads: true,
    leader: id,
    onLeading: (listener) => listener(true),
  };
}

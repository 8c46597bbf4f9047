import type { Cluster } from './cluster.ts';

/** Something that runs once in a cluster. */
export interface LeadersWork {
  /** It may begin: does as soon as this process leads. */
  start(): void;
  /** Resolves when what is under way has ended; it does not begin again. */
  close(): Promise<void>;
}

/**
 * Has something run while this process leads: it is begun each time the process begins to lead, and ended when it leads no more or
 * closes.
 *
 * @param begin begins it
 * @returns what ends it, when what is under way has ended
 */
export function createLeadersWork(
  cluster: Pick<Cluster, 'onLeading'>,
  begin: () => () => Promise<void>,
): LeadersWork {
  let isWanted = false;
  let end: (() => Promise<void>) | null = null;
  let ending: Promise<void> | null = null;
  let closed = false;

  function beginNow(): void {
    if (closed || !isWanted || end || ending) return;
    end = begin();
  }

  async function endNow(): Promise<void> {
    if (end && !ending) {
      ending = end().finally(() => {
        [end, ending] = [null, null];
        // It may lead again already.
        beginNow();
      });
    }
    await ending;
  }

  return {
    start() {
      cluster.onLeading((leads) => {
        isWanted = leads;
        return leads ? beginNow() : endNow();
      });
    },
    close() {
      closed = true;
      return endNow();
    },
  };
}

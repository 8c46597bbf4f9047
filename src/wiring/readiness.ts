import { shardCount } from '../core/shards.ts';
import type { Stage } from './lifecycle.ts';

/** What says whether events may be sent to the gateway. */
export interface ReadinessSigns {
  readonly stage: Stage;
  /** Why the store cannot write; `null`: it can, or nothing was to be written since it last could. */
  readonly problem: string | null;
  /** The database that it shares with others has answered nothing for so long that nothing is sent. */
  readonly isCutOff: boolean;
  /** `null`: it is alone. */
  readonly part: PartOfWork | null;
}

export interface Readiness {
  readonly ready: boolean;
  /** In words, for whoever operates the gateway. */
  readonly detail: string;
}

/** What several gateways that share a store have of the work. */
export interface PartOfWork {
  readonly gateways: number;
  /** Of this one, of 256. */
  readonly shards: number;
}

/** Whether events may be sent to the gateway. */
export function readinessOf({ stage, problem, isCutOff, part }: ReadinessSigns): Readiness {
  switch (stage) {
    case 'dead':
      return { ready: false, detail: 'A thread died, so Hookwire ends; it must be started again.' };
    case 'stopping':
      return { ready: false, detail: 'The gateway is stopping: it delivers nothing new.' };
    case 'takingUp':
    case 'atWork':
      if (problem !== null) return { ready: false, detail: `The store cannot write: ${problem}.` };
      // Where no events come nothing is written either, so that only this tells of a database that is away.
      if (isCutOff)
        return { ready: false, detail: 'The database does not answer; nothing is sent until it does.' };
      return stage === 'takingUp'
        ? { ready: true, detail: 'Events are accepted; deliveries that waited are being taken up.' }
        : { ready: true, detail: `Events are accepted and delivered.${partInWords(part)}` };
  }
}

function partInWords(part: PartOfWork | null): string {
  if (part === null) return '';
  return ` ${part.gateways} gateways share the work; this one has ${part.shards} of ${shardCount} parts of it.`;
}

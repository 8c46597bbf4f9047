import { shardCount } from '../core/shards.ts';
import type { Stage } from './lifecycle.ts';

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

/**
 * Whether events may be sent to the gateway.
 * @param problem why the store cannot write; `null`: it can
 * @param part `null`: it is alone
 */
export function readinessOf(stage: Stage, problem: string | null, part: PartOfWork | null = null): Readiness {
  switch (stage) {
    case 'dead':
      return { ready: false, detail: 'A thread died, so Hookwire ends; it must be started again.' };
    case 'stopping':
      return { ready: false, detail: 'The gateway is stopping: it delivers nothing new.' };
    case 'takingUp':
    case 'atWork':
      if (problem !== null) return { ready: false, detail: `The store cannot write: ${problem}.` };
      return stage === 'takingUp'
        ? { ready: true, detail: 'Events are accepted; deliveries that waited are being taken up.' }
        : { ready: true, detail: `Events are accepted and delivered.${partInWords(part)}` };
  }
}

function partInWords(part: PartOfWork | null): string {
  if (part === null) return '';
  return ` ${part.gateways} gateways share the work; this one has ${part.shards} of ${shardCount} parts of it.`;
}

import type { Stage } from './lifecycle.ts';

export interface Readiness {
  readonly ready: boolean;
  /** In words, for whoever operates the gateway. */
  readonly detail: string;
}

/**
 * Whether events may be sent to the gateway.
 * @param problem why the store cannot write; `null`: it can
 */
export function readinessOf(stage: Stage, problem: string | null): Readiness {
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
        : { ready: true, detail: 'Events are accepted and delivered.' };
  }
}

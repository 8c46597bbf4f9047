import { type AttemptRecord, errorClasses } from '../core/delivery.ts';
import type { Event } from '../core/event.ts';
import type { Labelled } from './metric-sheet.ts';

const outcomes = ['delivered', ...errorClasses] as const;

/** Counts attempts by where they came from and what came of them, for a Prometheus counter. */
export interface AttemptCounts {
  attempted(event: Pick<Event, 'product' | 'reportType'>, errorClass: AttemptRecord['errorClass']): void;
  /** By product, report type and outcome. */
  read(): Labelled;
}

const positions = new Map<string, number>(outcomes.map((outcome, position) => [outcome, position]));

export function createAttemptCounts(): AttemptCounts {
  const counts: { [product: string]: { [reportType: string]: number[] } } = {};

  return {
    attempted({ product, reportType }, errorClass) {
      counts[product] ??= {};
      const ofProduct = counts[product];
      ofProduct[reportType] ??= outcomes.map(() => 0);
      const position = errorClass === null ? 0 : (positions.get(errorClass) ?? 0);
      ofProduct[reportType][position] = (ofProduct[reportType][position] ?? 0) + 1;
    },
    *read() {
      for (const [product, ofProduct] of Object.entries(counts)) {
        for (const [reportType, ofType] of Object.entries(ofProduct)) {
          for (const [position, outcome] of outcomes.entries()) {
            const count = ofType[position] ?? 0;
            if (count > 0) yield [{ product, report_type: reportType, outcome }, count];
          }
        }
      }
    },
  };
}

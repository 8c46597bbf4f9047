import type { KeepName, KeepTime, Retention } from '../../api/retention.ts';

/** One time of an account, as people see it. */
export interface KeepRow {
  readonly name: KeepName | 'auditDays';
  readonly label: string;
  readonly description: string;
  readonly time: KeepTime;
}

/** What is kept by each of the clocks, in the order in which they end. */
export function keepRows({ payload, log, audit }: Retention): readonly KeepRow[] {
  return [
    {
      name: 'payloadDays',
      label: 'Contents',
      description:
        'Fields, texts, names and whole numbers of events, and what endpoints answered. Then a delivery cannot be sent again, and its request cannot be shown.',
      time: payload,
    },
    {
      name: 'logDays',
      label: 'Deliveries and events',
      description:
        'That there was one: ids, times, states, attempts, and the last four digits of the number. It is still found by the whole number.',
      time: log,
    },
    {
      name: 'auditDays',
      label: 'Audit log',
      description: 'Who changed what. The same for all accounts.',
      time: audit,
    },
  ];
}

const most = 36_500;

/** Why a time cannot be set to this; `null`: it can. */
export function wrongDays(
  value: number | string,
  name: KeepName,
  { payload, log }: Retention,
): string | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    return `Type a whole number from 0 (for ever) to ${most.toLocaleString('en')}.`;
  }
  const [contents, entries] = name === 'payloadDays' ? [value, log.days] : [payload.days, value];
  const outlives = entries !== 0 && (contents === 0 || contents > entries);
  if (!outlives) return null;
  return name === 'payloadDays'
    ? `Contents cannot outlive their deliveries, which are kept for ${entries} days.`
    : `Deliveries cannot be gone before their contents, which are kept ${contents === 0 ? 'for ever' : `for ${contents} days`}.`;
}

import { dayMs, type KeepDays, keepInEffect, noOwnKeep, type OwnKeep } from '../../../core/keeping.ts';
import { formatOptionalInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { retentionAnswer } from './schema.ts';

export interface RetentionFacts {
  /** `null`: what holds for accounts without times of their own. */
  readonly accountId: string | null;
  readonly own: OwnKeep | null;
  readonly ofAll: KeepDays;
  readonly auditDays: number;
  /** ms since the Unix epoch. */
  readonly now: number;
}

export function retentionView({
  accountId,
  own,
  ofAll,
  auditDays,
  now,
}: RetentionFacts): ViewOf<typeof retentionAnswer> {
  const given = own ?? noOwnKeep;
  const { payloadDays, logDays } = keepInEffect(ofAll, given);
  const time = (days: number, ofAccount: number | null, all: number) => ({
    ...{ days, own: ofAccount, ofAll: all },
    since: formatOptionalInstant(days === 0 ? null : now - days * dayMs),
  });
  return {
    accountId,
    payload: time(payloadDays, given.payloadDays, ofAll.payloadDays),
    log: time(logDays, given.logDays, ofAll.logDays),
    audit: time(auditDays, null, auditDays),
  };
}

import {
  type AccountLimit,
  accountLimits,
  type LimitOverrides,
  type LimitUsage,
  type LimitValues,
  limitNames,
} from '../../../core/account-limits.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import type { limitsAnswer } from './schema.ts';

export function limitsView(
  accountId: string,
  values: LimitValues,
  own: LimitOverrides,
  ofAll: LimitValues,
  used: LimitUsage,
): ViewOf<typeof limitsAnswer> {
  const limits = limitNames.map((name) => {
    const { label, unit, description, least, most }: AccountLimit = accountLimits[name];
    const now = { value: values[name], used: used[name], own: own[name] ?? null, ofAll: ofAll[name] };
    return { name, label, unit, description, ...now, least, most };
  });
  return { accountId, limits };
}

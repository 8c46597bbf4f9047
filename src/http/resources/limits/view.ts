import {
  type AccountLimit,
  accountLimits,
  type LimitOverrides,
  type LimitUsage,
  type LimitValues,
  limitNames,
} from '../../../core/account-limits.ts';

export function limitsView(
  accountId: string,
  values: LimitValues,
  own: LimitOverrides,
  ofAll: LimitValues,
  used: LimitUsage,
) {
  const limits = limitNames.map((name) => {
    const { label, unit, description, least, most }: AccountLimit = accountLimits[name];
    const now = { value: values[name], used: used[name], own: own[name] ?? null, ofAll: ofAll[name] };
    return { name, label, unit, description, ...now, least, most };
  });
  return { accountId, limits };
}

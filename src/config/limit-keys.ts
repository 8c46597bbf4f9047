import { type AccountLimit, accountLimits, type LimitName, limitNames } from '../core/account-limits.ts';
import type { ConfigKey } from './config-key.ts';
import { wholeNumberOrOff } from './parsers.ts';

/** What a key of {@link limitKeys} is called in the configuration. */
export type LimitKeyId = `limit${Capitalize<LimitName>}`;

/** The key that sets a limit for all accounts: `HOOKWIRE_LIMIT_EVENTS_PER_SECOND`. */
export const limitKeys: { readonly [Id in LimitKeyId]: ConfigKey<number | null> } = Object.fromEntries(
  limitNames.map((name) => [limitKeyId(name), keyOf(name, accountLimits[name])]),
) as { [Id in LimitKeyId]: ConfigKey<number | null> };

export function limitKeyId(name: LimitName): LimitKeyId {
  return `limit${name.charAt(0).toUpperCase()}${name.slice(1)}` as LimitKeyId;
}

function keyOf(name: LimitName, limit: AccountLimit): ConfigKey<number | null> {
  const { least, most, description, unit } = limit;
  return {
    name: `HOOKWIRE_LIMIT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
    description: `A limit of every account that the operator gives no limit of its own. ${description}`,
    shape: `whole number from ${least} to ${most}, or \`off\``,
    unit,
    default: limit.default === null ? 'off' : String(limit.default),
    example: String(Math.max(limit.least, Math.floor((limit.default ?? 100) / 2))),
    secret: false,
    parse: wholeNumberOrOff(least, most),
  };
}

import { declaredKeep, mostKeepDays } from '../core/keeping.ts';
import type { ConfigKey } from './config-key.ts';
import { wholeNumber } from './parsers.ts';

/** How long things are kept. What has a key here is what operators choose; `docs/guides/retention.md` has all the clocks. */
export const keepKeys = {
  keepPayloadDays: daysKey({
    name: 'HOOKWIRE_KEEP_PAYLOAD_DAYS',
    description:
      'How long the contents of events are kept, from their acceptance: fields, texts, names, whole numbers, what endpoints answered. An account may have its own time. 0 keeps them for ever. Never longer than `HOOKWIRE_KEEP_LOG_DAYS`.',
    default: String(declaredKeep.payloadDays),
    example: '7',
  }),
  keepLogDays: daysKey({
    name: 'HOOKWIRE_KEEP_LOG_DAYS',
    description:
      'How long it is kept that there was an event, with its ids, times, states, attempts and the last four digits of its numbers. An account may have its own time. 0 keeps it for ever.',
    default: String(declaredKeep.logDays),
    example: '730',
  }),
  keepAuditDays: daysKey({
    name: 'HOOKWIRE_KEEP_AUDIT_DAYS',
    description:
      'How long entries of the audit log are kept: who changed what, from which address. 0 keeps them for ever.',
    default: '400',
    example: '730',
  }),
};

function daysKey(
  declared: Pick<ConfigKey<number>, 'name' | 'description' | 'default' | 'example'>,
): ConfigKey<number> {
  return {
    ...declared,
    shape: `whole number from 0 to ${mostKeepDays}`,
    unit: 'days',
    secret: false,
    parse: wholeNumber(0, mostKeepDays),
  };
}

import type { ConfigKey } from './config-key.ts';
import { keepKeys } from './keep-keys.ts';
import { basicKeys } from './keys/basic-keys.ts';
import { httpKeys } from './keys/http-keys.ts';
import { outboundKeys } from './keys/outbound-keys.ts';
import { portalKeys } from './keys/portal-keys.ts';
import { telemetryKeys } from './keys/telemetry-keys.ts';
import { deliveryKeys, intakeKeys } from './keys/work-keys.ts';
import { limitKeys } from './limit-keys.ts';

export type { ConfigKey };

/** Every key that Hookwire reads, declared once, in the order of the reference page. */
export const configKeys = {
  ...basicKeys,
  ...outboundKeys,
  ...httpKeys,
  ...portalKeys,
  ...intakeKeys,
  ...limitKeys,
  ...keepKeys,
  ...deliveryKeys,
  ...telemetryKeys,
};

export type ConfigKeyId = keyof typeof configKeys;

import type { Config } from '../config/config.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Resolve } from '../delivery/names/stand-in.ts';
import type { Passwords } from '../people/passwords.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';

/** What tests replace. */
export interface GatewayOverrides {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Log;
  /** Stands in for DNS. */
  readonly resolve?: Resolve;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string;
  /** Stands in for the slow hash of passwords. */
  readonly passwords?: Passwords;
}

/** What every builder is given. */
export interface Basics {
  readonly config: Config;
  readonly overrides: GatewayOverrides;
  readonly clock: Clock;
  readonly log: Log;
  readonly life: Lifecycle;
  /** Closes what was built, the last first. */
  readonly parts: AsyncDisposableStack;
}

export function createBasics(
  config: Config,
  overrides: GatewayOverrides,
  parts: AsyncDisposableStack,
): Basics {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog(config.log.level);
  const { shutdownTimeoutMs } = config.delivery;
  return { config, overrides, clock, log, parts, life: createLifecycle({ clock, log, shutdownTimeoutMs }) };
}

import { authorityWarnings } from '../config/authorities-file.ts';
import { openFilesLimit } from '../core/open-files.ts';
import { type EgressSettings, egressOf } from '../delivery/egress/egress-of.ts';
import { type InFlightLimit, inFlightLimit } from '../delivery/in-flight-limit.ts';
import type { Log } from '../telemetry/log.ts';
import type { Basics } from './basics.ts';

/** What the machine allows, and the way out of it. */
export interface Surroundings {
  readonly inFlight: InFlightLimit;
  readonly egress: EgressSettings;
}

/**
 * Reads what may keep the gateway from starting before anything is made; says what the operator should look after.
 * @throws {ConfigError} when the file of the private authorities cannot be used
 */
export function readSurroundings({ config, overrides, clock, log }: Basics): Surroundings {
  const egress = egressOf(config, overrides.ca);
  for (const warning of authorityWarnings(egress.authorities, clock.now())) log.warn(warning);
  return { egress, inFlight: limitInFlight(config.delivery.maxInFlight, log) };
}

/** What may be in flight by the configuration and by the open files that the process may have; says so where these are too few. */
function limitInFlight(configured: number, log: Log): InFlightLimit {
  const openFiles = openFilesLimit();
  const limit = inFlightLimit(configured, openFiles);
  if (limit.needed !== null)
    log.warn(
      { openFiles, needed: limit.needed, maxInFlight: limit.maxInFlight },
      `The process may have ${openFiles} files open, which is too few for HOOKWIRE_MAX_IN_FLIGHT=${configured}: ${limit.maxInFlight} are sent at once at most. Raise the limit to ${limit.needed} (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker), or lower HOOKWIRE_MAX_IN_FLIGHT.`,
    );
  return limit;
}

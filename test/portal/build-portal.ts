import { buildPortal, isBuilt } from '../../scripts/build-portal.ts';

/** The tests visit the portal as it is now, not as it was when the packages were installed. */
export async function setup(): Promise<void> {
  if (!isBuilt()) await buildPortal();
}

import { buildPortal, isBuilt } from '../../scripts/build-portal.ts';
import { chromiumPath } from './chromium.ts';

/** The tests visit the portal as it is now, not as it was when the packages were installed; their browser is ready. */
export async function setup(): Promise<void> {
  if (!isBuilt()) await buildPortal();
  await chromiumPath();
}

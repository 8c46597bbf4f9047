import { createCheck } from '../../http/requests/check.ts';
import { type ConfigurationFile, sealing } from './schema.ts';
import { isCost, type SealingEntry } from './sealing.ts';

const shape = createCheck(sealing);

/** How the secrets in a file are sealed; `null` for what has no such thing, or is no such file. */
export function sealingOf(text: string): SealingEntry | null {
  try {
    const { sealing: entry } = JSON.parse(text) as Partial<ConfigurationFile>;
    return entry && shape.errors(entry).length === 0 && isCost(entry.N) ? entry : null;
  } catch {
    return null;
  }
}

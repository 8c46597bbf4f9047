import type { ConfigurationChange, ConfigurationNews } from '../../ports/process-messages.ts';
import { ofConfiguration } from './channels.ts';
import type { Listening } from './listening.ts';

/** Where more have changed that nobody listened to, all may have. */
const mostKept = 10_000;

/**
 * Hears what triggers say of the configuration, from when the connection listens. What is heard before anybody listens here is kept
 * for him: he reads the configuration at his start and misses nothing.
 *
 * @param listening not started yet
 */
export function createPostgresConfigurationNews(
  listening: Pick<Listening, 'hear' | 'onBegun'>,
): ConfigurationNews {
  const changeListeners: ((change: ConfigurationChange) => void)[] = [];
  const missedListeners: (() => void)[] = [];
  const kept = new Map<string, ConfigurationChange>();
  let hasBegun = false;
  let hasMissed = false;

  function tell(change: ConfigurationChange): void {
    for (const listener of changeListeners) listener(change);
  }

  function miss(): void {
    for (const listener of missedListeners) listener();
    hasMissed = missedListeners.length === 0;
    if (hasMissed) kept.clear();
  }

  listening.onBegun(() => {
    // Whoever listens from before it begins has missed what was before, as at any later time.
    if (hasBegun || missedListeners.length > 0) miss();
    hasBegun = true;
  });
  listening.hear(ofConfiguration, (payload) => {
    const change = readChange(payload);
    if (change === null) return;
    if (changeListeners.length > 0) tell(change);
    else if (!hasMissed) kept.set(payload, change);
    if (kept.size > mostKept) miss();
  });

  return {
    onChanged(listener) {
      changeListeners.push(listener);
      for (const change of kept.values()) listener(change);
      kept.clear();
    },
    onMissed(listener) {
      missedListeners.push(listener);
      if (hasMissed) listener();
      hasMissed = false;
    },
  };
}

/** `{"of" : "webhook", "id" : "wh_…"}`; `null`: another program's, or of a newer version. */
function readChange(payload: string): ConfigurationChange | null {
  try {
    const { of, id } = JSON.parse(payload) as Partial<ConfigurationChange>;
    if (typeof id !== 'string') return null;
    return of === 'account' || of === 'sender' || of === 'webhook' ? { of, id } : null;
  } catch {
    return null;
  }
}

/** What a key does on the page of deliveries. */
export type KeyAct = 'next' | 'previous' | 'open' | 'replay' | 'help' | 'close' | 'new';

const acts: Readonly<Record<string, KeyAct>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Enter: 'open',
  r: 'replay',
  n: 'new',
  '?': 'help',
  Escape: 'close',
};

/** For the dialog that explains them. */
export const keyHelp: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['↑', '↓'], does: 'The delivery above or below' },
  { keys: ['Enter'], does: 'Look at the delivery' },
  { keys: ['r'], does: 'Send the delivery again, now' },
  { keys: ['n'], does: 'Show the new ones' },
  { keys: ['Esc'], does: 'Close what is looked at' },
  { keys: ['?'], does: 'Show these keys' },
];

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly defaultPrevented: boolean;
  readonly target: EventTarget | null;
}

/** What a key means; `null` where it belongs to something else: a field, a menu, a dialog, a text that scrolls. */
export function keyActOf({
  key,
  ctrlKey,
  metaKey,
  altKey,
  defaultPrevented,
  target,
}: Pressed): KeyAct | null {
  const act = acts[key];
  if (!act || ctrlKey || metaKey || altKey || defaultPrevented) return null;
  const at = target instanceof Element ? target : null;
  if (
    at?.closest(
      'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="listbox"], [role="menu"]',
    )
  ) {
    return null;
  }
  const moves = act === 'next' || act === 'previous';
  if (moves && at?.closest('[role="region"][tabindex], [role="tablist"]')) return null;
  // A button or a link does its own thing.
  if (act === 'open' && at?.closest('button, a, summary')) return null;
  return act;
}

/** The id `step` rows on; at the ends it stays. Without a place to start from: the first. */
export function moved(ids: readonly string[], from: string | null, step: 1 | -1): string | null {
  const place = from === null ? -1 : ids.indexOf(from);
  if (place === -1) return ids[0] ?? null;
  return ids[Math.min(Math.max(place + step, 0), ids.length - 1)] ?? null;
}

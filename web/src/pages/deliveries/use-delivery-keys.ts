import { useEffect, useEffectEvent } from 'react';
import { keyActOf, moved } from './keys.ts';

export interface DeliveryKeys {
  readonly ids: readonly { readonly id: string }[];
  readonly selected: string | null;
  readonly enabled: boolean;
  readonly onFocus: (id: string) => void;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
  readonly onReplay: (id: string) => void;
  readonly onHelp: () => void;
  readonly onNew: () => void;
}

/** The row that has the focus. */
function focusedId(): string | null {
  const link = document.activeElement?.closest('[data-delivery]');
  return link?.getAttribute('data-delivery') ?? null;
}

/** The keys of the page, wherever the focus is, unless it is somewhere that needs them itself. */
export function useDeliveryKeys(keys: DeliveryKeys): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { ids, selected, enabled } = keys;
    const act = enabled ? keyActOf(event) : null;
    if (!act) return;
    const current = selected ?? focusedId();
    switch (act) {
      case 'next':
      case 'previous': {
        const to = moved(
          ids.map(({ id }) => id),
          current,
          act === 'next' ? 1 : -1,
        );
        if (to === null) return;
        event.preventDefault();
        keys.onFocus(to);
        if (selected !== null) keys.onOpen(to);
        return;
      }
      case 'open':
        if (current !== null) keys.onOpen(current);
        return;
      case 'replay':
        if (current !== null) keys.onReplay(current);
        return;
      case 'new':
        keys.onNew();
        return;
      case 'help':
        event.preventDefault();
        keys.onHelp();
        return;
      case 'close':
        if (selected !== null) keys.onClose();
        else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    }
  });

  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

import { wayBack } from './way-back.ts';

const key = 'hookwire-way';

/** Keeps where one wanted to go while one signs in elsewhere. */
export function rememberWay(to: string | null): void {
  if (to === null) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, to);
}

/** Where one wanted to go; asked once. */
export function takeRememberedWay(): string | null {
  const to = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return wayBack(to ?? undefined, window.location.origin);
}

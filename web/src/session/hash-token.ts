import { useEffect, useState } from 'react';

/** What stands behind the `#` of a link, which no server gets to see. */
export interface HashToken {
  readonly token: string;
  /** The page that it opens, where the link names one; written by anybody. */
  readonly path: string | undefined;
}

/** The token in a hash; `null` where there is none. */
export function tokenIn(hash: string): HashToken | null {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const token = params.get('token');
  return token ? { token, path: params.get('path') ?? undefined } : null;
}

/** The token that the page was opened with. It leaves the address bar, so that it stays in no history. */
export function useHashToken(): HashToken | null {
  const [found, setFound] = useState(() => tokenIn(window.location.hash));
  useEffect(() => {
    function take() {
      const next = tokenIn(window.location.hash);
      if (next === null) return;
      setFound(next);
      const { pathname, search } = window.location;
      window.history.replaceState(window.history.state, '', `${pathname}${search}`);
    }
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return found;
}

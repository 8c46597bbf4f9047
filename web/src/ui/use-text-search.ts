import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type TextSearch = Readonly<Record<string, string | undefined>>;

/** The words in the page's URL, and how to change some of them; an empty one is taken out. */
export function useTextSearch(): [TextSearch, (changes: TextSearch) => void] {
  const search: TextSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback(
    (changes: TextSearch) => {
      const after = (before: TextSearch) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, word]) => word !== undefined && word !== ''),
        ) as Record<string, string>;
      void navigate({ to: '.', search: after, replace: true, resetScroll: false });
    },
    [navigate],
  );
  return [search, change];
}

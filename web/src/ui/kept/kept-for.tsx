import { useQuery } from '@tanstack/react-query';
import { retentionQuery } from '../../api/retention.ts';
import { keptFor } from './kept-words.ts';

export interface KeptForProps {
  /** `null`: all accounts, each of which may have its own times. */
  readonly accountId: string | null;
  /** Which clock ends it. */
  readonly by: 'log' | 'audit';
  /** What people call it: "Deliveries". */
  readonly what: string;
}

/** "Deliveries are kept for 400 days." Nothing until that is known. */
export function KeptFor({ accountId, by, what }: KeptForProps) {
  const { data } = useQuery(retentionQuery(accountId));
  return data ? `${what} are kept ${keptFor(data[by].days)}.` : null;
}

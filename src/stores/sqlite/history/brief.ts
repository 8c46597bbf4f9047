import type { DatabaseSync } from 'node:sqlite';
import { parseSequenceId, sequenceId } from '../../../core/ids.ts';
import type { StateOfDelivery } from '../../ports/history.ts';
import { type ListRequest, listDeliveries } from './list-deliveries.ts';
import { viewedState } from './rows.ts';

export interface IdsAnswer {
  readonly data: readonly string[];
  readonly next: number | null;
}

/** The ids of one page of {@link listDeliveries}: a thousand events need not cross the thread for them. */
export function listDeliveryIds(db: DatabaseSync, request: ListRequest): IdsAnswer {
  const { data, next } = listDeliveries(db, request);
  return { data: data.map(({ id }) => id), next };
}

/** Where these deliveries stand; unknown ones are left out. */
export function statesOfDeliveries(db: DatabaseSync, ids: readonly string[]): StateOfDelivery[] {
  const find = db.prepare('SELECT seq, state, attempts FROM deliveries WHERE seq = ?');
  const states: StateOfDelivery[] = [];
  for (const id of ids) {
    const row = find.get(parseSequenceId('dlv', id) ?? 0);
    if (!row) continue;
    const state = viewedState({ state: Number(row.state), attempts: Number(row.attempts) });
    states.push({ id: sequenceId('dlv', Number(row.seq)), state });
  }
  return states;
}

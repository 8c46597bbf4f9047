import type { DatabaseSync } from 'node:sqlite';
import { parseSequenceId, sequenceId } from '../../../core/ids.ts';
import { viewedState } from '../../history/viewed-state.ts';
import type { StateOfDelivery } from '../../ports/history.ts';
import { prepare, type Work } from '../reader/work.ts';

/** Where these deliveries stand; unknown ones are left out. */
export function* statesOfDeliveries(db: DatabaseSync, ids: readonly string[]): Work<StateOfDelivery[]> {
  const find = prepare(db, 'SELECT seq, state, attempts FROM deliveries WHERE seq = ?');
  const states: StateOfDelivery[] = [];
  for (const [index, id] of ids.entries()) {
    if (index % 100 === 99) yield;
    const row = find.get(parseSequenceId('dlv', id) ?? 0);
    if (!row) continue;
    const state = viewedState({ state: Number(row.state), attempts: Number(row.attempts) });
    states.push({ id: sequenceId('dlv', Number(row.seq)), state });
  }
  return states;
}

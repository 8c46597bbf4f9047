import { parseSequenceId, sequenceId } from '../../../core/ids.ts';
import { viewedState } from '../../history/viewed-state.ts';
import type { StateOfDelivery } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';

const together = 1_000;

/** Where these deliveries stand, in the order given; unknown ones are left out. */
export async function statesOfDeliveries(asking: Asking, ids: readonly string[]): Promise<StateOfDelivery[]> {
  const seqs = ids.map((id) => parseSequenceId('dlv', id)).filter((seq) => seq !== null);
  const states: StateOfDelivery[] = [];
  for (let at = 0; at < seqs.length; at += together) {
    const some = seqs.slice(at, at + together);
    const rows = await asking.read<{ seq: number; state: number; attempts: number }>(
      `select seq, state, attempts from waiting where seq = any($1::bigint[])
       union all select seq, state, attempts from deliveries where seq = any($1::bigint[])`,
      [some],
    );
    const found = new Map(rows.map((row) => [row.seq, row]));
    for (const seq of some) {
      const row = found.get(seq);
      if (row) states.push({ id: sequenceId('dlv', seq), state: viewedState(row) });
    }
  }
  return states;
}

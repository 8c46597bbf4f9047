import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { configure } from '../pragmas.ts';
import { createIndexKeeper } from '../search/keeper/keeper.ts';
import { runStates } from '../search/runs/tables.ts';
import { createWriteTurns } from '../thread/write-turns.ts';

/**
 * A program for the test that kills it: keeps the index of the given data directory in order, a small piece for each line that
 * it is told, with runs so short that they are merged soon. It says `merging N` when a merge has N chunks by then, `idle` when
 * there is nothing to do, and `other`.
 */
const db = new DatabaseSync(join(process.argv[2] ?? '', 'hookwire.db'));
configure(db, 'keeper');
const keeper = createIndexKeeper(db, createWriteTurns(null), {
  ...{ foldAt: 200, fanIn: 3, searchFanIn: 4, mostPairs: 100_000, chunksAPiece: 1 },
});
const merging = db.prepare(
  `SELECT chunks FROM index_runs WHERE state = ${runStates.begun} AND chunks > 0
     AND run IN (SELECT target FROM index_runs)`,
);
for await (const _line of createInterface(process.stdin)) {
  const isIdle = !keeper.step();
  const chunks = merging.get()?.chunks;
  const said = chunks === undefined ? (isIdle ? 'idle' : 'other') : `merging ${chunks}`;
  process.stdout.write(`${said}\n`);
}

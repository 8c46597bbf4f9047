import { type SqlBool, sql } from 'kysely';
import { type KeptAnswer, type KeptAnswers, keptForMs, mostKept } from '../../ports/kept-answers.ts';
import type { Compilable } from '../sql-database.ts';
import type { DirectoryStore } from './directory-store.ts';

export function createKeptAnswers({ db, applyIf }: Pick<DirectoryStore, 'db' | 'applyIf'>): KeptAnswers {
  return {
    async find(scope, key, since) {
      const row = await db
        .selectFrom('kept_answers')
        .selectAll()
        .where('scope', '=', scope)
        .where('key', '=', key)
        .where('at', '>', since)
        .executeTakeFirst();
      return row ?? null;
    },
    async keep(answer) {
      const [insert, ...tidying] = keepAnswer(db, answer);
      if (insert) await applyIf(insert, tidying);
    },
    async forget(until) {
      for (let forgotten = pieceRows; forgotten === pieceRows; ) {
        const { numDeletedRows } = await somethingOld(db, until).executeTakeFirst();
        forgotten = Number(numDeletedRows);
      }
    },
  };
}

/**
 * The changes that keep an answer, for the transaction that makes what it tells of; none for `null`.
 * @param made the sender that must be there now: making one may come to nothing
 */
export function keepAnswer(
  db: DirectoryStore['db'],
  answer: KeptAnswer | null,
  made: { readonly sender: string } | null = null,
): Compilable[] {
  if (!answer) return [];
  const { scope, at } = answer;
  const most = scope === '' ? mostKept.ofOperators : mostKept.ofAccount;
  const oldest = db
    .selectFrom('kept_answers')
    .select('at')
    .where('scope', '=', scope)
    .orderBy('at', 'desc')
    .limit(1)
    .offset(most);
  const values = valuesOf(db, answer);
  return [
    db
      .insertInto('kept_answers')
      .columns(columns)
      .expression(
        made
          ? values.where(({ exists }) =>
              exists(db.selectFrom('senders').select('id').where('id', '=', made.sender)),
            )
          : values.where(sql<SqlBool>`true`),
      )
      .onConflict((conflict) =>
        conflict.columns(['scope', 'key']).doUpdateSet(({ ref }) => ({
          fingerprint: ref('excluded.fingerprint'),
          status: ref('excluded.status'),
          location: ref('excluded.location'),
          body: ref('excluded.body'),
          at: ref('excluded.at'),
        })),
      ),
    somethingOld(db, at - keptForMs),
    db
      .deleteFrom('kept_answers')
      .where('scope', '=', scope)
      .where('at', '<=', sql<number>`coalesce(${oldest}, -1)`),
  ];
}

/** After a day's stop all answers are too old at once, and whoever writes waits for a piece. */
const pieceRows = 500;

function somethingOld(db: DirectoryStore['db'], until: number) {
  const old = db
    .selectFrom('kept_answers')
    .select(['scope', 'key'])
    .where('at', '<=', until)
    .limit(pieceRows);
  return db.deleteFrom('kept_answers').where(sql<SqlBool>`(scope, key) in ${old}`);
}

const columns = ['scope', 'key', 'fingerprint', 'status', 'location', 'body', 'at'] as const;

function valuesOf(db: DirectoryStore['db'], answer: KeptAnswer) {
  return db.selectNoFrom(({ val }) => [
    val(answer.scope).as('scope'),
    val(answer.key).as('key'),
    val(answer.fingerprint).as('fingerprint'),
    val(answer.status).as('status'),
    val(answer.location).as('location'),
    val(answer.body).as('body'),
    val(answer.at).as('at'),
  ]);
}

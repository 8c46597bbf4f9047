import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Sought, Traces } from '../../../core/traces.ts';
import { tracesOf } from '../../erasure/event-traces.ts';
import {
  type AuditTexts,
  erasedAudit,
  erasedFilter,
  erasedTaskChanges,
  lostOfAnswer,
} from '../../erasure/rest-texts.ts';
import { createTally, type Tally } from '../../erasure/tally.ts';
import type { RestPlace } from '../../ports/erasures.ts';
import { prepare } from '../reader/work.ts';
import { numberKeyOf } from '../thread/number-key.ts';
import { count } from './counts.ts';

export interface EraseRestRequest {
  readonly erasure: string;
  readonly sought: Sought;
  readonly accountId: string | null;
  readonly from: RestPlace | null;
}

type Row = Readonly<Record<string, SQLInputValue>>;

/** A table with texts in which a person may be named. */
interface Table {
  /** Its rows behind a place, `k` first. */
  readonly select: string;
  readonly first: string | number;
  erase(db: DatabaseSync, row: Row, request: EraseRestRequest, traces: Traces, tally: Tally): void;
}

/** Some ms of the desk: an entry of the audit log has some hundred characters, a kept answer some thousand. */
const rowsAtOnce = 50;

const tasks: Table = {
  select: 'select id as k, filter from tasks where id > ?1 and (?2 is null or account_id = ?2) order by id',
  first: '',
  erase(db, { k, filter }, _request, traces, tally) {
    const hidden = erasedFilter(String(filter), traces);
    if (hidden === null) return;
    prepare(db, 'update tasks set filter = ? where id = ?').run(hidden, k ?? null);
    tally.add('tasks');
    hideAudited(db, String(k), tally);
    blurAnswers(db, `/v1/tasks/${k}`, tally);
  },
};

const audit: Table = {
  select: `select number as k, actor_name, target_id, target_name, changes from audit
    where number > ?1 and (?2 is null or account_id = ?2) order by number`,
  first: 0,
  erase(db, row, _request, traces, tally) {
    const after = erasedAudit(row as unknown as AuditTexts, traces);
    if (!after) return;
    const { actor_name, target_id, target_name, changes } = after;
    prepare(
      db,
      'update audit set actor_name = ?, target_id = ?, target_name = ?, changes = ? where number = ?',
    ).run(actor_name, target_id, target_name, changes, row.k ?? null);
    tally.add('auditEntries');
  },
};

const keptAnswers: Table = {
  select: `select rowid as k, key, location, body from kept_answers
    where rowid > ?1 and (?2 is null or scope = ?2) order by rowid`,
  first: 0,
  erase(db, row, _request, traces, tally) {
    const lost = lostOfAnswer(row as unknown as Parameters<typeof lostOfAnswer>[0], traces);
    if (lost === null) return;
    const sql =
      lost === 'all'
        ? 'delete from kept_answers where rowid = ?'
        : "update kept_answers set body = null, fingerprint = '' where rowid = ?";
    prepare(db, sql).run(row.k ?? null);
    tally.add('keptAnswers');
  },
};

const tables: readonly Table[] = [tasks, audit, keptAnswers];

/** Erases a person from what is no event, some rows at a time. */
export function eraseRest(db: DatabaseSync, request: EraseRestRequest): RestPlace | null {
  const { erasure, accountId, sought } = request;
  const { table, after } = request.from ?? { table: 0, after: [] };
  const from = tables[table];
  if (!from) return null;
  const traces = tracesOf(() => numberKeyOf(db), sought);
  const rows = prepare(db, `${from.select} limit ${rowsAtOnce}`).all(
    after[0] ?? from.first,
    accountId,
  ) as Row[];
  const tally = createTally();
  db.exec('begin immediate');
  // The call that asked names them.
  if (request.from === null) blurAnswers(db, `/v1/tasks/${erasure}`, tally);
  for (const row of rows) from.erase(db, row, request, traces, tally);
  count(db, erasure, tally.counts);
  db.exec('commit');
  const last = rows.at(-1)?.k;
  if (rows.length < rowsAtOnce || last === undefined)
    return tables[table + 1] ? { table: table + 1, after: [] } : null;
  return { table, after: [last as string | number] };
}

/** The audit log has of a task's number the last digits. */
function hideAudited(db: DatabaseSync, task: string, tally: Tally): void {
  const rows = prepare(db, 'select number, changes from audit where target_id = ?').all(task);
  for (const { number, changes } of rows) {
    const hidden = erasedTaskChanges(String(changes));
    prepare(db, 'update audit set changes = ? where number = ?').run(hidden, number ?? null);
    tally.add('auditEntries');
  }
}

/** Of a call's body a hash is kept, which tells the number to who tries them all. */
function blurAnswers(db: DatabaseSync, location: string, tally: Tally): void {
  const blur = prepare(
    db,
    "update kept_answers set fingerprint = '', body = null where location = ? and fingerprint != ''",
  );
  tally.add('keptAnswers', Number(blur.run(location).changes));
}

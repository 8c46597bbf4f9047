import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Event } from '../../../core/event.ts';
import { hideInJson, type Sought, type Traces } from '../../../core/traces.ts';
import type { RestPlace } from '../../ports/erasures.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import { prepare } from '../reader/work.ts';
import { count, createTally, type Tally } from './counts.ts';
import { tracesOf } from './person.ts';

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
const bullets = '•••';

const tasks: Table = {
  select: 'select id as k, filter from tasks where id > ?1 and (?2 is null or account_id = ?2) order by id',
  first: '',
  erase(db, { k, filter }, _request, traces, tally) {
    const asked = JSON.parse(String(filter)) as DeliveryFilter;
    if (!namesThem(asked, traces)) return;
    prepare(db, 'update tasks set filter = ? where id = ?').run(JSON.stringify(withoutIds(asked)), k ?? null);
    tally.add('tasks');
    hideAudited(db, String(k), tally);
    blurAnswers(db, `/v1/tasks/${k}`, tally);
  },
};

const audit: Table = {
  select: `select number as k, actor_name, target_id, target_name, changes from audit
    where number > ?1 and (?2 is null or account_id = ?2) order by number`,
  first: 0,
  erase(db, { k, actor_name, target_id, target_name, changes }, _request, { hiddenIn }, tally) {
    const before = [actor_name, target_id, target_name, changes];
    const after = [
      ...[actor_name, target_id, target_name].map((text) =>
        typeof text === 'string' ? hiddenIn(text) : null,
      ),
      hideInJson(String(changes), hiddenIn),
    ];
    if (before.every((text, i) => text === after[i])) return;
    prepare(
      db,
      'update audit set actor_name = ?, target_id = ?, target_name = ?, changes = ? where number = ?',
    ).run(...after, k ?? null);
    tally.add('auditEntries');
  },
};

const keptAnswers: Table = {
  select: `select rowid as k, key, location, body from kept_answers
    where rowid > ?1 and (?2 is null or scope = ?2) order by rowid`,
  first: 0,
  erase(db, { k, key, location, body }, _request, { occurIn }, tally) {
    if (occurIn(String(key)) || (typeof location === 'string' && occurIn(location))) {
      prepare(db, 'delete from kept_answers where rowid = ?').run(k ?? null);
    } else if (typeof body === 'string' && occurIn(body)) {
      prepare(db, "update kept_answers set body = null, fingerprint = '' where rowid = ?").run(k ?? null);
    } else return;
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
  const traces = tracesOf(db, sought);
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

function namesThem(
  filter: Pick<DeliveryFilter, 'mobileNumber' | 'messageId' | 'transactionId'>,
  traces: Traces,
) {
  const { mobileNumber = null, messageId = '', transactionId = null } = filter;
  const asked = { id: '', mobileNumber, messageId, transactionId, userId: null, message: null };
  return traces.isTheirs(asked as unknown as Event) || traces.occurIn(JSON.stringify(filter));
}

const idFields = ['mobileNumber', 'messageId', 'transactionId'] as const;

function withoutIds<F extends object>(filter: F): F {
  const hidden = idFields.filter((field) => field in filter).map((field) => [field, bullets]);
  return { ...filter, ...Object.fromEntries(hidden) };
}

/** The audit log has of a task's number the last digits. */
function hideAudited(db: DatabaseSync, task: string, tally: Tally): void {
  const rows = prepare(db, 'select number, changes from audit where target_id = ?').all(task);
  for (const { number, changes } of rows) {
    const told = JSON.parse(String(changes)) as { field: string; to: unknown }[];
    const hidden = told.map((change) =>
      idFields.some((field) => field === change.field) ? { ...change, to: bullets } : change,
    );
    prepare(db, 'update audit set changes = ? where number = ?').run(JSON.stringify(hidden), number ?? null);
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

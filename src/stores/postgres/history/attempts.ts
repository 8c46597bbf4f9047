import { errorClassOf } from '../../codes.ts';
import { type StoredAttempt, shownAttempts } from '../../ports/history.ts';
import type { Asking } from '../questions/questions.ts';

interface AttemptRow {
  readonly number: number;
  readonly webhook_version: number;
  readonly manual: number;
  readonly started_at: number;
  readonly duration_ms: number;
  readonly status_code: number | null;
  readonly error_class: number | null;
  readonly error_detail: string | null;
  /** UTF-8. */
  readonly response_body: Buffer | null;
}

/** A delivery's attempts, the oldest first; of very many the latest. That of an ended one which was the last is in its own row. */
export async function readAttempts(
  asking: Asking,
  delivery: { readonly account: string; readonly seq: number },
): Promise<StoredAttempt[]> {
  const rows = await asking.read<AttemptRow>(
    `select * from (
       (select number, webhook_version, manual, started_at, duration_ms, status_code, error_class, error_detail, response_body
        from attempts where account = $1 and delivery = $2 order by number desc limit ${shownAttempts})
       union all
       select attempts, webhook_version, attempt_manual, started_at, duration_ms, status_code, error_class, error_detail,
         response_body
       from deliveries where account = $1 and seq = $2 and started_at is not null
     ) as made order by number desc limit ${shownAttempts}`,
    [delivery.account, delivery.seq],
  );
  return rows.map(attemptView).reverse();
}

function attemptView(row: AttemptRow): StoredAttempt {
  return {
    number: row.number,
    webhookVersion: row.webhook_version,
    manual: row.manual === 1,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    statusCode: row.status_code,
    errorClass: errorClassOf(row.error_class),
    errorDetail: row.error_detail,
    responseBody: row.response_body?.toString('utf8') ?? null,
  };
}

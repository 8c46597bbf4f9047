import type { Delivery } from '../../api/deliveries.ts';

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});

/** An instant in two lines: "15:40:11", "22 Nov 2026". */
export function timeAndDay(iso: string): readonly [string, string] {
  const at = new Date(iso);
  return [time.format(at), day.format(at)];
}

/** An instant where there is little room: the time alone, if it is of today. */
export function briefTime(iso: string, now: number): string {
  const at = new Date(iso);
  return at.toDateString() === new Date(now).toDateString() ? time.format(at) : dayAndTime.format(at);
}

/** What the endpoint answered last, in short: "200", "503", "timeout_headers", "–". */
export function answerWord({ statusCode, errorClass }: Pick<Delivery, 'statusCode' | 'errorClass'>): string {
  if (errorClass !== null && errorClass !== 'status') {
    return statusCode === null ? errorClass : `${statusCode} ${errorClass}`;
  }
  return statusCode === null ? '–' : String(statusCode);
}

export function attemptsWord(count: number): string {
  if (count === 0) return 'no attempt';
  return count === 1 ? '1 attempt' : `${count} attempts`;
}

/** What the second line says of the attempts: how many, and when the next is. */
export function attemptsLine({
  attemptCount,
  nextAttemptAt,
}: Pick<Delivery, 'attemptCount' | 'nextAttemptAt'>): string {
  const made = attemptsWord(attemptCount);
  return nextAttemptAt === null || attemptCount === 0
    ? made
    : `${made}, next ${time.format(new Date(nextAttemptAt))}`;
}

/** What was reported: "delivered · 000", or what else came in. */
export function reportWord({ status, reportType }: Pick<Delivery, 'status' | 'reportType'>): string {
  if (status !== null) return status;
  return reportType === 'mo' ? 'inbound' : '–';
}

/** A URL where there is little room: its beginning says nothing. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

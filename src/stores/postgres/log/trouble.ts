import { AnswerLostError } from '../connection.ts';
import { sqlState } from '../sql-state.ts';

/** What keeps PostgreSQL from writing, by SQLSTATE or by what the network says. */
const words: Readonly<Record<string, string>> = {
  '53100': 'The disk of PostgreSQL is full',
  '53200': 'PostgreSQL is out of memory',
  '53300': 'PostgreSQL has no connection left',
  '57P01': 'PostgreSQL was shut down',
  '57P02': 'PostgreSQL crashed',
  '57P03': 'PostgreSQL is starting, stopping or recovering',
  '25006': 'PostgreSQL is a standby and takes no writes',
  '28000': 'PostgreSQL does not let the gateway in',
  '28P01': 'PostgreSQL does not let the gateway in',
  '3D000': 'PostgreSQL has no such database',
  ECONNREFUSED: 'PostgreSQL is not there',
  ECONNRESET: 'The connection with PostgreSQL was cut',
  EPIPE: 'The connection with PostgreSQL was cut',
  ENOTFOUND: 'The host of PostgreSQL is not known',
  ETIMEDOUT: 'PostgreSQL does not answer',
};

/** The database did not take something, in words for whoever runs it. */
export class DatabaseTrouble extends Error {
  readonly code = 'database_trouble';

  constructor(cause: unknown) {
    super(troubleOf(cause), { cause });
    this.name = 'DatabaseTrouble';
  }
}

function troubleOf(error: unknown): string {
  const { message } = error as Error;
  let cause = error;
  while (cause instanceof AnswerLostError) cause = cause.cause;
  const code = sqlState(cause);
  const known = words[code];
  if (known !== undefined) return `${known} (${code}): ${message}`;
  return code === '' ? `No answer from PostgreSQL: ${message}` : `PostgreSQL says ${code}: ${message}`;
}

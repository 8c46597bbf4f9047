import type { Asking } from '../questions/questions.ts';
import { partitionedDays } from '../retention/partitions.ts';

/** A number below which nothing is stored: the first of the days that there are, or of what is for none of them. */
export async function oldestNumber({ client, read }: Asking): Promise<number> {
  const [first] = await partitionedDays(client);
  const [rest] = await read<{ seq: number | null }>(
    'select least((select min(seq) from events_other), (select min(seq) from waiting)) as seq',
  );
  return Math.min(first?.from ?? Number.MAX_SAFE_INTEGER, rest?.seq ?? Number.MAX_SAFE_INTEGER);
}

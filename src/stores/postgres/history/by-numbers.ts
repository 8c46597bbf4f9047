import type { Asking } from '../questions/questions.ts';
import { type DeliveryRow, deliveryColumns } from './rows.ts';
import { createStatement, type Statement } from './statement.ts';

/** The deliveries that have these numbers and meet conditions on a row named `r`, the newest first. */
export async function deliveriesByNumbers(
  asking: Asking,
  numbers: readonly number[],
  conditions: (statement: Statement) => readonly string[] = () => [],
): Promise<readonly DeliveryRow[]> {
  const statement = createStatement();
  const these = `r.seq = any(${statement.parameter(numbers, 'bigint[]')})`;
  const where = conditions(statement).join(' and ') || 'true';
  return asking.read<DeliveryRow>(
    `select * from (
       select ${deliveryColumns.waiting} from waiting as r where ${these}
       union all
       select ${deliveryColumns.deliveries} from deliveries as r where ${these}
     ) as r where ${where} order by r.seq desc`,
    statement.values,
  );
}

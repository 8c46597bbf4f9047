/** A statement in the making: its parameters get their numbers as they are named. */
export interface Statement {
  readonly values: readonly unknown[];
  /** @param type as PostgreSQL names it: `bigint`, `text[]` */
  parameter(value: unknown, type: string): string;
}

export function createStatement(): Statement {
  const values: unknown[] = [];
  return {
    values,
    parameter: (value, type) => `$${values.push(value)}::${type}`,
  };
}

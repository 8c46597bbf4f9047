type Values = readonly (number | null)[];

/** Sums upon sums: each list with those before it. */
export function stack(lists: readonly Values[]): readonly Values[] {
  const sums: Values[] = [];
  for (const list of lists) {
    const below = sums.at(-1);
    sums.push(list.map((value, index) => (value ?? 0) + (below?.[index] ?? 0)));
  }
  return sums;
}

/** The top of an axis: a little above the highest value, and never 0. */
export function highest(lists: readonly Values[]): number {
  let most = 0;
  for (const list of lists) for (const value of list) most = Math.max(most, value ?? 0);
  return most === 0 ? 1 : most * 1.08;
}

/** Whether a value has none beside it, so that no line would show it. */
export function hasLonelyPoint(values: Values): boolean {
  const known = (index: number) => values[index] !== null && values[index] !== undefined;
  return values.some((_, index) => known(index) && !known(index - 1) && !known(index + 1));
}

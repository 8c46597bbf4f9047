import { hash } from 'node:crypto';

/** Rows of one table, counted and summed up, in whatever order they come. */
export interface Checksum {
  readonly rows: number;
  /** 16 hexadecimal digits: the sum of the first 64 bits of SHA-256 of each row. */
  readonly sum: string;
}

export interface Summing {
  add(values: readonly unknown[]): void;
  result(): Checksum;
}

export function createSumming(): Summing {
  let rows = 0;
  let sum = 0n;
  return {
    add(values) {
      rows++;
      sum += hash('sha256', JSON.stringify(values), 'buffer').readBigUInt64BE(0);
    },
    result: () => ({ rows, sum: BigInt.asUintN(64, sum).toString(16).padStart(16, '0') }),
  };
}

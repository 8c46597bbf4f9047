import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type BackupVerdict, checkBackup } from './backup-check.ts';
import { runCli } from './cli-process.ts';
import { type LedgerEntry, type LedgerLoad, startLedgerLoad } from './ledger-load.ts';
import { type GatewayProcess, pause } from './processes.ts';
import { createAccounts } from './setup.ts';

/** How callers fared for a time. */
export interface Stretch {
  readonly seconds: number;
  readonly perSecond: number;
  readonly tookMs: readonly number[];
  /** The longest time without an answer. */
  readonly longestGapMs: number;
  readonly largestWalBytes: number;
}

/** What `hookwire backup --json` says. */
export interface BackupAnswer {
  readonly bytes: number;
  readonly longestLockMs: number;
  readonly largestWalBytes: number;
}

export interface BackupRound {
  readonly answer: BackupAnswer;
  readonly before: Stretch;
  readonly during: Stretch;
  readonly refused: number;
  readonly verdict: BackupVerdict;
  /** The last event that was acknowledged before the backup began. */
  readonly lastId: string;
}

export interface BackupRoundOptions {
  readonly gateway: GatewayProcess;
  /** Where the events are delivered to. */
  readonly endpoint: string;
  readonly file: string;
  readonly rate: number;
  readonly batch: number;
  /** How long the load runs before. */
  readonly quietMs: number;
}

const walLookMs = 10;

/** Backs a gateway up while it takes a load, and compares the backup with what was acknowledged. */
export async function backUpUnderLoad(options: BackupRoundOptions): Promise<BackupRound> {
  const { gateway, file, rate, batch } = options;
  const [accountId = ''] = await createAccounts(gateway, [options.endpoint]);
  const load = startLedgerLoad(gateway, { accountId, rate, batch });
  const wal = watchWal(gateway.dataDir);
  const startedAt = performance.now();
  await pause(options.quietMs);
  const begunAt = performance.now();
  const walBefore = wal.largest();
  const { code, stdout, stderr } = await runCli(['backup', file, '--json'], {
    HOOKWIRE_DATA_DIR: gateway.dataDir,
  });
  const endedAt = performance.now();
  const walDuring = wal.largest();
  wal.stop();
  await load.stop();
  if (code !== 0) throw new Error(`hookwire backup ended with ${code}: ${stderr}`);
  const answer = JSON.parse(stdout) as BackupAnswer;
  return {
    answer,
    before: stretch(load, startedAt, begunAt, walBefore, batch),
    during: stretch(load, begunAt, endedAt, walDuring, batch),
    refused: load.refused,
    verdict: checkBackup(file, load.ledger, begunAt),
    lastId: load.ledger.findLast((entry) => entry.answeredAt < begunAt)?.ids.at(-1) ?? '',
  };
}

function stretch(
  { ledger }: LedgerLoad,
  from: number,
  to: number,
  largestWalBytes: number,
  batch: number,
): Stretch {
  const within = ledger.filter(({ answeredAt }) => answeredAt >= from && answeredAt < to);
  const seconds = (to - from) / 1000;
  return {
    seconds,
    perSecond: (within.length * batch) / seconds,
    tookMs: within.map(({ tookMs }) => tookMs),
    longestGapMs: longestGap(within, from, to),
    largestWalBytes,
  };
}

function longestGap(entries: readonly LedgerEntry[], from: number, to: number): number {
  let longest = 0;
  let last = from;
  for (const at of [...entries.map(({ answeredAt }) => answeredAt), to]) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}

/** The size of the file never shrinks, so what it was at its largest says what the log needed. */
function watchWal(dataDir: string): { largest(): number; stop(): void } {
  let largest = 0;
  const look = (): void => {
    largest = Math.max(
      largest,
      statSync(join(dataDir, 'hookwire.db-wal'), { throwIfNoEntry: false })?.size ?? 0,
    );
  };
  const timer = setInterval(look, walLookMs);
  return {
    largest() {
      look();
      return largest;
    },
    stop: () => clearInterval(timer),
  };
}

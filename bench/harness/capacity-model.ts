/** What an event costs that goes to one webhook and is delivered at the first attempt, as measured (`bench/capacity.ts`). */
export interface EventCosts {
  /** µs of CPU, of one gateway's thread that takes events and answers. */
  readonly mainUs: number;
  /** The same of the embedded database's writer; 0 on PostgreSQL. */
  readonly writerUs: number;
  /** µs of CPU of its couriers. */
  readonly courierUs: number;
  /** µs of CPU of all threads of the gateway. */
  readonly gatewayUs: number;
  /** µs of CPU of the database's processes; 0 where it is part of the gateway. */
  readonly databaseUs: number;
  /** Bytes of the write-ahead log. */
  readonly logBytes: number;
  /** Bytes that stay on the disk. */
  readonly diskBytes: number;
}

/** What a rate of events needs. */
export interface Need {
  readonly eventsPerSecond: number;
  /** Processes, each with a thread that takes events and, on the embedded database, one that writes; that takes one process only. */
  readonly gateways: number;
  /** In all of them. */
  readonly couriers: number;
  readonly gatewayCores: number;
  readonly databaseCores: number;
  readonly logMegabytesPerSecond: number;
  readonly gigabytesADay: number;
  /** As long as everything is kept. */
  readonly terabytesKept: number;
}

export interface Assumptions {
  /** Of its core, what a thread or a server is to be busy at most: the rest is for bursts, retries and what others do. */
  readonly busyAtMost: number;
  /** Days that the log is kept, its contents included. */
  readonly days: number;
}

/**
 * Costs times the rate: what an event costs is the same however many gateways there are, which the benchmark compares. That a core
 * is as fast as the one it was measured on, and disks are not what holds it up, is assumed.
 */
export function needOf(costs: EventCosts, eventsPerSecond: number, { busyAtMost, days }: Assumptions): Need {
  const cores = (us: number): number => (us * eventsPerSecond) / 1e6 / busyAtMost;
  const perDay = (costs.diskBytes * eventsPerSecond * 86_400) / 1e9;
  return {
    eventsPerSecond,
    gateways: Math.max(1, Math.ceil(cores(Math.max(costs.mainUs, costs.writerUs)))),
    couriers: Math.max(1, Math.ceil(cores(costs.courierUs))),
    gatewayCores: cores(costs.gatewayUs),
    databaseCores: cores(costs.databaseUs),
    logMegabytesPerSecond: (costs.logBytes * eventsPerSecond) / 1e6,
    gigabytesADay: perDay,
    terabytesKept: (perDay * days) / 1_000,
  };
}

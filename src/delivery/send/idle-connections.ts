import type { Connection } from './connection.ts';

/** The connections of all channels: so many may be open at once, and those that carry nothing make room for new ones. */
export interface IdleConnections {
  /** One more is opened; the one that was idle for longest is closed where there are too many. */
  opened(): void;
  closed(): void;
  /** @param drop closes it */
  add(connection: Connection, drop: () => void): void;
  remove(connection: Connection): void;
  /** Closes those that have carried nothing for as long as they may; `now` on the monotonic clock. */
  sweep(now: number): void;
  /** Closes every one that is idle. */
  closeAll(): void;
}

/** @param most of all that are open, busy ones too */
export function createIdleConnections(most: number): IdleConnections {
  // In the order in which they fell idle.
  const idle = new Map<Connection, () => void>();
  let open = 0;

  return {
    opened() {
      open++;
      if (open <= most) return;
      const [oldest] = idle.values();
      oldest?.();
    },
    closed() {
      open--;
    },
    add(connection, drop) {
      connection.idleSince = performance.now();
      idle.set(connection, drop);
    },
    remove: (connection) => void idle.delete(connection),
    sweep(now) {
      // Servers ask for different times, so those that are done do not lie together.
      for (const [connection, drop] of [...idle]) {
        if (now - connection.idleSince >= connection.keepMs) drop();
      }
    },
    closeAll() {
      for (const drop of [...idle.values()]) drop();
    },
  };
}

/**
 * Which courier a webhook belongs to, the same in every thread: all of its deliveries go through that one, so its order,
 * rate and concurrency are kept without talk between couriers.
 *
 * @param couriers how many there are
 */
export function courierOf(webhookId: string, couriers: number): number {
  return couriers === 1 ? 0 : hashOfId(webhookId) % couriers;
}

/** A hash of an id, of 32 bits: FNV-1a over the low bytes, since ids are ASCII. */
export function hashOfId(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) {
    hash = Math.imul(hash ^ (id.charCodeAt(i) & 0xff), 0x01000193);
  }
  return hash >>> 0;
}

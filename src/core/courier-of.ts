/**
 * Which courier a webhook belongs to, the same in every thread: all of its deliveries go through that one, so its order,
 * rate and concurrency are kept without talk between couriers.
 *
 * @param couriers how many there are
 */
export function courierOf(webhookId: string, couriers: number): number {
  if (couriers === 1) return 0;
  // FNV-1a over the low bytes: ids are ASCII.
  let hash = 0x811c9dc5;
  for (let i = 0; i < webhookId.length; i++) {
    hash = Math.imul(hash ^ (webhookId.charCodeAt(i) & 0xff), 0x01000193);
  }
  return (hash >>> 0) % couriers;
}

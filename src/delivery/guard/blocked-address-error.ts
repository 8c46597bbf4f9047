/** What a connection fails with when its address may not be called. The message is the reason, for the operator alone. */
export class BlockedAddressError extends Error {
  readonly code = 'ERR_BLOCKED_ADDRESS';

  constructor(reason: string) {
    super(reason);
    this.name = 'BlockedAddressError';
  }
}

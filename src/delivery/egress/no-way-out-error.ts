/**
 * The gateway cannot get out by its proxy, which says nothing of whom it wanted to call. The message is for the operator
 * alone.
 */
export class NoWayOutError extends Error {
  readonly code = 'ERR_NO_WAY_OUT';

  constructor(message: string) {
    super(message);
    this.name = 'NoWayOutError';
  }
}

/** Which portal links were opened: each opens once. */
export interface PortalLinkStore {
  /**
   * Notes that a link is used; those that have expired are forgotten.
   * @param expiresAt when the link could not be used any more anyway (ms since the Unix epoch)
   * @returns whether this was the first time
   */
  use(id: string, expiresAt: number, now: number): Promise<boolean>;
}

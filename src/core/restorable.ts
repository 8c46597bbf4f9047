/** How long a deleted webhook can be restored, and its signing secrets are kept for that, ms. */
export const restorableForMs = 10 * 60_000;

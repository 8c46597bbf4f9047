import { nodeStride } from '../../../core/node-sequence.ts';

/** Webhooks that one event goes to at most. */
const mostDeliveries = 10_000;
/** The number of a delivery is above that of its event by so much at most. */
export const mostApart = nodeStride * mostDeliveries;

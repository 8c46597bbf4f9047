/**
 * How long, in ms, a benchmark or a test waits for what comes by itself before it says that it does not come. It measures
 * nothing: on a machine that does ten other things everything takes ten times as long.
 */
export const patienceMs = 120_000;

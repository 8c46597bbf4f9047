/** What the machine can have too little of, so that a request does not leave it: no fault of the endpoint's. */
export const shortages = ['files', 'ports', 'memory', 'lookups', 'way_out'] as const;
export type Shortage = (typeof shortages)[number];

/** What each means for the gateway, for those who may know nothing of the operator's machine and network. */
export const shortageWords: Readonly<Record<Shortage, string>> = {
  files: 'is short of network connections',
  ports: 'is short of network connections to this address',
  memory: 'is short of memory',
  lookups: 'is short of look-ups of names',
  way_out: 'cannot get out of its own network',
};

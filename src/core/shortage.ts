/** What the machine can have too little of, so that a request does not leave it: no fault of the endpoint's. */
export const shortages = ['files', 'ports', 'memory', 'lookups'] as const;
export type Shortage = (typeof shortages)[number];

/** Each as the object of "is short of", for those who may know nothing of the operator's machine. */
export const shortageWords: Readonly<Record<Shortage, string>> = {
  files: 'network connections',
  ports: 'network connections to this address',
  memory: 'memory',
  lookups: 'look-ups of names',
};

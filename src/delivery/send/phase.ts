/** How far an exchange has come: it waits for a connection, that connects, the answer is awaited, its body is read. */
export type Phase = 'waiting' | 'connect' | 'headers' | 'body';

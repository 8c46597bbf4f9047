/**
 * How far an exchange has come: it waits for a connection, that connects, TLS is agreed on, the answer is awaited, its
 * body is read.
 */
export type Phase = 'waiting' | 'connect' | 'tls' | 'headers' | 'body';

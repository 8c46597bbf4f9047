/**
 * How far an exchange has come: it waits for a connection, its host's name is looked up, it connects, TLS is agreed on, the answer is awaited, its
 * body is read.
 */
export type Phase = 'waiting' | 'lookup' | 'connect' | 'tls' | 'headers' | 'body';

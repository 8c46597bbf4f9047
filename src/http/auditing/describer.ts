import type { IncomingHttpHeaders } from 'node:http';
import type { AuditAction, AuditActor, AuditChange, AuditTarget } from '../../stores/ports/audit.ts';
import type { Reach } from '../reach/reach.ts';
import type { Services } from '../services.ts';

/** A call that changed something, as its route saw it. */
export interface AuditedCall {
  /** The caller's; `null` where the route is public. */
  readonly reach: Reach | null;
  /** Finds out who signs in or out. */
  readonly people: Pick<Services['people'], 'sessionCookie' | 'find'>;
  readonly portalLinks: Pick<Services['portalLinks'], 'find'>;
  readonly action: AuditAction;
  /** Of the path. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** As the handler gave it; `null` where there is none. */
  readonly answer: unknown;
  /** What {@link Describer.before} found. */
  readonly before: unknown;
}

export interface Description {
  /** `null`: the caller's. */
  readonly accountId: string | null;
  readonly target: AuditTarget | null;
  readonly changes: readonly AuditChange[];
  /** Where the route has no caller. */
  readonly actor?: AuditActor;
}

/** Says what calls about one kind of thing did. */
export interface Describer {
  /** What will be gone or changed after the call. */
  before?(call: Omit<AuditedCall, 'body' | 'answer' | 'before'>): Promise<unknown>;
  /** `null`: nothing happened that is worth an entry. */
  describe(call: AuditedCall): Description | null | Promise<Description | null>;
}

/** The text in a field of whatever this is. */
export function textOf(value: unknown, field: string): string | null {
  const found = fieldOf(value, field);
  return typeof found === 'string' ? found : null;
}

export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

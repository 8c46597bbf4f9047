import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { ErrorCode } from '../core/errors.ts';
import type { RouteAccess } from './callers/auth.ts';
import type { Caller } from './callers/caller.ts';
import type { PlatformReach, Reach } from './reach/reach.ts';
import type { ViewOf } from './shapes/view-of.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. Every route under /v1 says so. */
    access?: RouteAccess;
    /** The route gives access to somebody, which is not for every guest. */
    grants?: boolean;
    /** `false`: a call does not wait until few others of its account are under way; it has a bound of its own. */
    takesTurns?: boolean;
    /** Not counted among the calls a second; events have limits of their own, and health must be seen. */
    unlimitedCalls?: boolean;
    /** As how many calls a second one counts, 1 unless told. */
    callCost?: number;
    /** What the path's `:id` names: an account is held against the caller's, the numbers of an event are masked. */
    idOf?: 'account' | 'delivery' | 'event' | 'person' | 'sender' | 'task' | 'webhook';
    /** No browser and no proxy keeps the answer, whoever calls. */
    notKept?: boolean;
    /** What the route can answer beside what follows from its kind; for the documents. */
    errors?: readonly ErrorCode[];
  }
  interface FastifyRequest {
    /** Set where the route's access is not public. */
    caller: Caller | null;
    /** What the caller can get at; where the route's access is not public. */
    readonly reach: Reach;
    /** Everything; where the route's access is `operator`. */
    readonly platform: PlatformReach;
    /** The authenticator's age before the caller was looked for. */
    foundAtAge: number;
  }
  interface FastifySchema {
    summary?: string;
    description?: string;
    operationId?: string;
    tags?: readonly string[];
    security?: readonly Record<string, readonly string[]>[];
    hide?: boolean;
  }
}

/** Gives handlers the types of their route's schemas: what they are asked, and what they may answer. */
interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: this['schema'] extends TSchema ? ViewOf<this['schema']> : unknown;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>;

/** Who calls a route that is not public. */
export function callerOf(request: Pick<FastifyRequest, 'caller'>): Caller {
  if (!request.caller) throw new Error('The route is public and has no caller.');
  return request.caller;
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { HookwireError } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';
import { tooLarge } from '../body/limit-routes.ts';
import type { Services } from '../services.ts';
import type { HeldRefusals } from './held-refusals.ts';
import { sendProblem, toHookwireError } from './problem.ts';

/** Characters of a path's parameter, after decoding: the ids of events are the caller's own. */
export const longestParameter = 512;

/** Answers with the problem of whatever was thrown; what nobody expected is logged with its cause. */
export async function answerError(
  { log, refusals }: { readonly log: Services['log']; readonly refusals: HeldRefusals },
  thrown: Error & { readonly code?: string },
  request: FastifyRequest | null,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const error = describe(thrown, request);
  const held = request && refusals.hold(error.code, request.ip);
  if (held) await held;
  if (error.code === 'internal') {
    const route = request?.routeOptions.url;
    log.error({ err: error.cause ?? error, method: request?.method, route }, 'A request failed.');
  }
  return sendProblem(reply, error);
}

function describe(thrown: Error & { readonly code?: string }, request: FastifyRequest | null): HookwireError {
  if (thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE' && request) {
    return tooLarge(request, '', thrown);
  }
  // Fastify's own words repeat the whole path.
  if (thrown.code === 'FST_ERR_BAD_URL') {
    const detail = 'The path cannot be decoded: write "%" as %25.';
    return new HookwireError('invalid_request', detail, { cause: thrown });
  }
  if (thrown.code === 'FST_ERR_MAX_PARAM_LENGTH') {
    const detail = `A part of the path has more than ${longestParameter} characters; nothing has such an id.`;
    return new HookwireError('not_found', detail, { cause: thrown });
  }
  const error = toHookwireError(thrown);
  if (thrown.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const type = request?.headers['content-type'];
    const detail = `Send the body as application/json${type ? `, not as ${shown(type)}` : ''}.`;
    return new HookwireError('unsupported_media_type', detail, { cause: thrown });
  }
  return error;
}

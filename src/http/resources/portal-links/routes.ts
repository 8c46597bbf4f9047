import { invalidInput } from '../../../core/errors.ts';
import type { App } from '../../app-types.ts';
import { formatInstant } from '../../shapes/instants.ts';
import { idParams } from '../../shapes/schema.ts';
import type { SignInServices } from '../../shared-services.ts';
import { portalLinkDescriber } from './audit.ts';
import { newPortalLink, portalLink, portalLinkSession, portalLinkToken } from './schema.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** Links by which a platform with its own sign-in opens the portal for a customer. */
export function routePortalLinks(app: App, { portalLinks }: Pick<SignInServices, 'portalLinks'>): void {
  app.post(
    '/v1/accounts/:id/portal-links',
    {
      config: {
        access: 'operator',
        idOf: 'account',
        repeats: 'shownOnce',
        audit: { action: 'portalLink.created', describer: portalLinkDescriber },
      },
      schema: {
        operationId: 'createPortalLink',
        summary: 'Make a link into the portal',
        description:
          "For a customer of a platform with its own sign-in. Whoever opens it is in the account's portal at once, so make it when it is asked for and hand it to nobody else.",
        tags: ['Accounts'],
        params: idParams,
        body: newPortalLink,
        response: { 201: portalLink },
      },
    },
    async ({ platform, params, body }, reply) => {
      const owner = await platform.account(params.id);
      const {
        role = 'developer',
        name = 'Portal link',
        expiresInSeconds = 300,
        sessionMinutes = 60,
        path = null,
        grantsAccess = false,
      } = body;
      if (grantsAccess && role !== 'owner') {
        throw invalidInput([
          { path: 'grantsAccess', message: 'needs the role "owner": others give nobody access.' },
        ]);
      }
      const { id, url, expiresAt } = owner.issuePortalLink({
        role,
        name,
        path,
        grantsAccess,
        expiresInMs: expiresInSeconds * secondMs,
        sessionMs: sessionMinutes * minuteMs,
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ id, url, expiresAt: formatInstant(expiresAt) });
    },
  );

  app.post(
    '/v1/session/portal-link',
    {
      config: {
        access: 'public',
        notKept: true,
        errors: ['invalid_request', 'invalid_input', 'too_large', 'unsupported_media_type', 'link_expired'],
        audit: { action: 'portalLink.used', describer: portalLinkDescriber },
      },
      schema: {
        operationId: 'openPortalLink',
        summary: 'Enter by a portal link',
        description:
          'Once for each link. The answer is a token for the `Authorization` header, which works in a frame too, where browsers keep cookies back.',
        tags: ['Session'],
        body: portalLinkToken,
        response: { 200: portalLinkSession },
      },
    },
    async ({ body }, reply) => {
      const { token, expiresAt } = await portalLinks.enter(body.token);
      return reply.send({ token, expiresAt: formatInstant(expiresAt) });
    },
  );
}

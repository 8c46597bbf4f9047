import type { FastifyReply, FastifyRequest } from 'fastify';
import { HookwireError, invalidInput } from '../../../core/errors.ts';
import type { Client } from '../../../people/ask.ts';
import type { SignedIn } from '../../../people/person.ts';
import { linkExpired } from '../../../people/sign-in.ts';
import type { App } from '../../app-types.ts';
import { type Authenticator, readCookie } from '../../callers/auth.ts';
import { refuseForeignPage, requireOwnPage } from '../../callers/csrf.ts';
import { formatInstant } from '../../shapes/instants.ts';
import type { SignInServices } from '../../shared-services.ts';
import { sessionDescriber } from './audit.ts';
import { auditOidc } from './audit-oidc.ts';
import {
  openPasswordLink,
  passwordLinkToken,
  personChange,
  session,
  setPassword,
  setUp,
  signIn,
} from './schema.ts';
import { createSessionView } from './view.ts';

const tags = ['Session'];
const config = { access: 'public', notKept: true } as const;
const reads = ['invalid_request', 'too_large', 'unsupported_media_type', 'invalid_input'] as const;
const signsIn = [...reads, 'csrf', 'too_many_attempts'] as const;

function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, userAgent: request.headers['user-agent'] ?? null };
}

/** Signing in and out, links for passwords, and who one is. */
export function routeSession(app: App, services: SignInServices, authenticator: Authenticator): void {
  const people = () => services.people;
  const view = createSessionView(services);

  const cookieOf = (request: FastifyRequest) => readCookie(request.headers.cookie, people().sessionCookie());

  function keep(reply: FastifyReply, cookies: readonly string[]): void {
    if (cookies.length > 0) reply.header('set-cookie', [...cookies]);
  }

  /** The answer to whoever is signed in from now on. */
  async function welcome(reply: FastifyReply, signedIn: SignedIn) {
    keep(reply, signedIn.cookies);
    return view.of(signedIn);
  }

  app.get(
    '/v1/session',
    {
      config,
      schema: {
        operationId: 'getSession',
        summary: 'Get who is signed in',
        description: 'Answers also when nobody is.',
        tags,
        response: { 200: session },
      },
    },
    async (request, reply) => {
      const { authorization } = request.headers;
      if (authorization !== undefined) return view.ofPortalLink(authorization);
      const cookie = cookieOf(request);
      const signedIn = cookie === null ? null : await people().find(cookie, true);
      keep(reply, signedIn?.cookies ?? []);
      return view.of(signedIn);
    },
  );

  app.post(
    '/v1/session',
    {
      config: {
        ...config,
        errors: [...signsIn, 'invalid_credentials'],
        audit: { action: 'session.signedIn', describer: sessionDescriber, refused: 'session.signInFailed' },
      },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in',
        description:
          'With e-mail and password. The answer sets a cookie that is good for seven days after its last use. Five wrong passwords a minute are answered 429.',
        tags,
        body: signIn,
        response: { 200: session },
      },
    },
    async (request, reply) => {
      refuseForeignPage(request, people().publicUrl());
      const { email, password } = request.body;
      return welcome(reply, await people().signIn.byPassword(email, password, clientOf(request)));
    },
  );

  app.delete(
    '/v1/session',
    {
      config: {
        ...config,
        errors: ['csrf'],
        audit: { action: 'session.signedOut', describer: sessionDescriber },
      },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        description: 'Ends the session of the cookie; the answer is the same where there is none.',
        tags,
      },
    },
    async (request, reply) => {
      const cookie = cookieOf(request);
      if (cookie !== null) {
        requireOwnPage(request, people().publicUrl());
        // Anybody can send a cookie of that name: what is remembered of others goes only for one that was good.
        const signedIn = await people().find(cookie);
        keep(reply, await people().signIn.out(cookie, clientOf(request)));
        if (signedIn) authenticator.forget();
      }
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/session/setup',
    {
      config: {
        ...config,
        errors: [...signsIn, 'link_expired'],
        audit: { action: 'session.setUp', describer: sessionDescriber },
      },
      schema: {
        operationId: 'setUp',
        summary: 'Make the first operator',
        description: 'By the link that the gateway prints at its start while there is none. Signs in.',
        tags,
        body: setUp,
        response: { 200: session },
      },
    },
    async (request, reply) => {
      refuseForeignPage(request, people().publicUrl());
      const signedIn = await people().setUp(request.body, clientOf(request));
      authenticator.forget();
      return welcome(reply, signedIn);
    },
  );

  app.post(
    '/v1/session/password-link',
    {
      config: { ...config, errors: [...reads, 'link_expired'], audit: 'nothing' },
      schema: {
        operationId: 'readPasswordLink',
        summary: 'See whose password a link sets',
        tags,
        body: passwordLinkToken,
        response: { 200: openPasswordLink },
      },
    },
    async (request) => {
      const link = await people().readLink(request.body.token);
      if (!link) throw linkExpired();
      const { email, name } = link.person;
      return { email, name, purpose: link.purpose, expiresAt: formatInstant(link.expiresAt) };
    },
  );

  app.post(
    '/v1/session/password',
    {
      config: {
        ...config,
        errors: [...signsIn, 'link_expired'],
        audit: { action: 'session.passwordSet', describer: sessionDescriber },
      },
      schema: {
        operationId: 'setPassword',
        summary: 'Set a password by a link',
        description: 'Signs in, and signs the person out everywhere else.',
        tags,
        body: setPassword,
        response: { 200: session },
      },
    },
    async (request, reply) => {
      refuseForeignPage(request, people().publicUrl());
      const signedIn = await people().signIn.byLink(request.body, clientOf(request));
      authenticator.forget();
      return welcome(reply, signedIn);
    },
  );

  app.patch(
    '/v1/session/person',
    {
      config: {
        ...config,
        errors: [
          ...reads,
          'unauthorized',
          'csrf',
          'not_found',
          'conflict',
          'too_many_attempts',
          'invalid_credentials',
        ],
        audit: { action: 'session.profileChanged', describer: sessionDescriber },
      },
      schema: {
        operationId: 'changeOneself',
        summary: "Change one's own name or password",
        description: 'A new password signs out everywhere else.',
        tags,
        body: personChange,
        response: { 200: session },
      },
    },
    async (request, reply) => {
      const cookie = cookieOf(request);
      const signedIn = cookie === null ? null : await people().find(cookie);
      if (cookie === null || !signedIn) throw new HookwireError('unauthorized', 'Nobody is signed in.');
      requireOwnPage(request, people().publicUrl());
      const { name, currentPassword, newPassword } = request.body;
      let after = signedIn;
      if (newPassword !== undefined) {
        if (currentPassword === undefined) {
          throw invalidInput([{ path: 'currentPassword', message: 'is required for a new password.' }]);
        }
        const client = clientOf(request);
        after = await people().signIn.changePassword(signedIn.person, currentPassword, newPassword, client);
      }
      if (name !== undefined) {
        await people().rename(signedIn.person.id, name);
        after = { ...after, person: { ...after.person, name } };
      }
      authenticator.forget();
      return welcome(reply, after);
    },
  );

  routeOidc(app, services, authenticator);
}

/** A browser goes to the provider and comes back. Pages of the browser's history, not calls. */
function routeOidc(app: App, services: SignInServices, authenticator: Authenticator): void {
  function requireOidc() {
    const { oidc } = services.people;
    if (oidc) return oidc;
    throw new HookwireError('not_found', 'Signing in by OIDC is not configured.');
  }

  app.get(
    '/v1/session/oidc',
    {
      config: { ...config, errors: ['not_found', 'too_many_attempts'] },
      schema: {
        operationId: 'signInByOidc',
        summary: 'Go to the provider of OpenID Connect',
        description: 'For browsers: redirects to the provider, which sends them back to the portal.',
        tags,
        response: { 302: { description: 'To the provider.', type: 'null' } },
      },
    },
    async (request, reply) => {
      const { location, cookies } = await requireOidc().start(clientOf(request));
      return reply.header('set-cookie', [...cookies]).redirect(location);
    },
  );

  app.get('/v1/session/callback/oidc', { config, schema: { hide: true } }, async (request, reply) => {
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    const { cookie } = request.headers;
    const { location, cookies, outcome } = await requireOidc().finish(query, cookie, clientOf(request));
    if (outcome === 'signed in') authenticator.forget();
    if (outcome !== 'too many') auditOidc(services, { cookies, ip: request.ip });
    return reply.header('set-cookie', [...cookies]).redirect(location);
  });
}

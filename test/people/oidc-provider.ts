import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Who signs in at the provider next. */
export interface Subject {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

/** A provider of OpenID Connect on loopback: discovery, authorization code with PKCE, signed id tokens. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Who is signed in there. */
  subject: Subject;
  /** Signs with a key that the provider does not publish. */
  forges: boolean;
  /** Holds the next question for a token until it is told to answer. */
  hold(): { readonly reached: Promise<void>; release(): void };
}

interface Grant {
  readonly subject: Subject;
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export async function openOidcProvider(clientId: string, clientSecret: string): Promise<OidcProvider> {
  const grants = new Map<string, Grant>();
  const held: { reach(): void; readonly released: Promise<void> }[] = [];
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' };

  function idToken({ subject, nonce }: Grant): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.issuer, aud: clientId, iat: now, exp: now + 300, nonce, ...subject };
    const content = `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encode(claims)}`;
    const key = provider.forges ? foreign.privateKey : keys.privateKey;
    return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await bodyOf(request);
    const next = held.shift();
    next?.reach();
    await next?.released;
    const [, basic = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const [id, secret] = basic
      ? Buffer.from(basic, 'base64').toString().split(':')
      : [form.get('client_id'), form.get('client_secret')];
    const code = form.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const good =
      grant &&
      id === clientId &&
      secret === clientSecret &&
      grant.challenge === verifier &&
      grant.redirectUri === form.get('redirect_uri');
    if (!good) return json(response, 400, { error: 'invalid_grant' });
    json(response, 200, {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: idToken(grant),
    });
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, {
          issuer: provider.issuer,
          authorization_endpoint: `${provider.issuer}/authorize`,
          token_endpoint: `${provider.issuer}/token`,
          userinfo_endpoint: `${provider.issuer}/userinfo`,
          jwks_uri: `${provider.issuer}/jwks`,
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case '/jwks':
        return json(response, 200, { keys: [jwk] });
      case '/authorize': {
        const { searchParams } = url;
        const code = randomUUID();
        const redirectUri = searchParams.get('redirect_uri') ?? '';
        grants.set(code, {
          subject: provider.subject,
          nonce: searchParams.get('nonce'),
          challenge: searchParams.get('code_challenge'),
          redirectUri,
        });
        const back = new URL(redirectUri);
        back.searchParams.set('code', code);
        back.searchParams.set('state', searchParams.get('state') ?? '');
        response.writeHead(302, { location: back.href }).end();
        return;
      }
      case '/token':
        return token(request, response);
      default:
        return json(response, 404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const provider: OidcProvider = {
    issuer: `http://127.0.0.1:${port}`,
    subject: { sub: 'nobody', email: 'nobody@example.com', email_verified: true },
    forges: false,
    hold() {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      held.push({ reach, released });
      return { reached, release };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

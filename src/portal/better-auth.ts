import { randomBytes } from 'node:crypto';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import type { Dialect } from 'kysely';
import { randomId } from '../core/ids.ts';
import { isConfirmed, revokeAccess } from './access.ts';
import type { Attempts } from './attempts.ts';
import { addressHeader, authBasePath, cookiePrefix, oidcProviderId } from './auth-names.ts';
import { type Passwords, passwordLength } from './passwords.ts';

/** A provider of OpenID Connect. */
export interface OidcProvider {
  /** `https://login.example.com/realms/acme`; its discovery document lies under it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What people know it as. */
  readonly name: string;
}

export interface AuthOptions {
  /** The gateway's own database; its driver refuses transactions. */
  readonly database: Dialect;
  /** Signs cookies; 32 bytes or more. */
  readonly secret: string;
  /** An origin, `https://hooks.example.com`. */
  readonly publicUrl: string;
  readonly attempts: Attempts;
  readonly passwords: Passwords;
  readonly oidc: OidcProvider | null;
  readonly log: { error(details: object, message: string): void };
}

const day = 24 * 60 * 60;
const minute = 60;

/** What better-auth's tables depend on; `schema.test.ts` compares them with the migration. */
export const authTables = {
  user: {
    modelName: 'auth_user',
    additionalFields: {
      confirmed: { type: 'boolean', required: true, defaultValue: false, input: false },
    },
  },
  session: {
    modelName: 'auth_session',
    additionalFields: { via: { type: 'string', required: false, input: false } },
    expiresIn: 7 * day,
    updateAge: day,
  },
  account: {
    modelName: 'auth_account',
    accountLinking: {
      enabled: true,
      // Whoever is invited is known by their address; what a stranger to it may have set up is taken away below.
      requireLocalEmailVerified: false,
    },
  },
  verification: { modelName: 'auth_verification', storeIdentifier: 'hashed' },
} as const satisfies BetterAuthOptions;

/** better-auth as the portal uses it: e-mail and password, sessions, and one OIDC provider; nobody can sign up. */
export function createAuth({ database, secret, publicUrl, attempts, passwords, oidc, log }: AuthOptions) {
  return betterAuth({
    ...authTables,
    appName: 'Hookwire',
    baseURL: publicUrl,
    basePath: authBasePath,
    secret,
    database: { dialect: database, type: 'sqlite', transaction: false },
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      revokeSessionsOnPasswordReset: true,
      password: passwords,
    },
    advanced: {
      cookiePrefix,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { validateSchema: false, generateId: ({ model }) => newId(model) },
    },
    rateLimit: {
      enabled: true,
      window: minute,
      max: 600,
      // For one address, whoever it tries to be; `sign-in.ts` counts by address and e-mail besides.
      customRules: {
        '/sign-in/email': { window: minute, max: 60 },
        '/sign-in/social': { window: minute, max: 60 },
        [`/callback/${oidcProviderId}`]: { window: minute, max: 60 },
        '/reset-password': { window: minute, max: 60 },
        '/change-password': { window: minute, max: 10 },
      },
      customStorage: {
        async consume(key, { window, max }) {
          const waitMs = attempts.take(key, { most: max, windowMs: window * 1000 });
          return { allowed: waitMs === null, retryAfter: waitMs === null ? null : Math.ceil(waitMs / 1000) };
        },
      },
    },
    logger: {
      level: 'error',
      // Only the words: the details may hold what providers answered.
      log: (level, message) => log.error({ level }, `Sign-in: ${message}`),
    },
    plugins: oidc === null ? [] : [genericOAuth({ config: [providerConfig(oidc)] })],
    databaseHooks: {
      session: {
        create: {
          async before(session, context) {
            const via = context?.path?.startsWith('/callback/') ? 'oidc' : 'password';
            return { data: { ...session, via } };
          },
          async after(_session, context) {
            // Nobody asks for sessions that are over, so nothing else deletes them.
            const over = { field: 'expiresAt', operator: 'lt', value: new Date() } as const;
            await context?.context.adapter.deleteMany({ model: 'session', where: [over] });
          },
        },
      },
      account: {
        create: {
          async before(account, context) {
            if (account.providerId !== oidcProviderId) return;
            // The provider vouches for the address. Whoever set up this person before may have been somebody else.
            const auth = context?.context;
            const person = await auth?.internalAdapter.findUserById(account.userId);
            if (auth && person && !isConfirmed(person)) await revokeAccess(auth, account.userId);
            await auth?.internalAdapter.updateUser(account.userId, { confirmed: true });
            // The tokens serve nobody after the sign-in.
            return { data: { ...account, accessToken: null, refreshToken: null, idToken: null } };
          },
        },
      },
    },
    account: { ...authTables.account, updateAccountOnSignIn: false },
  });
}

function newId(model: string): string {
  return model === 'user' || model === authTables.user.modelName
    ? randomId('per')
    : randomBytes(20).toString('base64url');
}

export type Auth = ReturnType<typeof createAuth>;

function providerConfig({ issuer, clientId, clientSecret, name }: OidcProvider) {
  return {
    providerId: oidcProviderId,
    name,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    scopes: ['openid', 'email', 'profile'],
    disableSignUp: true,
    requireIdTokenVerification: true,
    disableProviderLogout: true,
  };
}

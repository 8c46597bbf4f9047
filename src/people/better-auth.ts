import { randomBytes } from 'node:crypto';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { randomId } from '../core/ids.ts';
import type { Access } from '../stores/ports/access.ts';
import type { LibraryDatabase } from '../stores/ports/library-database.ts';
import { isOfThisEra, signInUnderWay } from './access.ts';
import type { Attempts } from './attempts.ts';
import { addressHeader, authBasePath, cookiePrefix, oidcProviderId } from './auth-names.ts';
import { type Passwords, passwordLength } from './passwords.ts';
import type { SignInLog } from './sign-in-log.ts';

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
  readonly database: LibraryDatabase;
  /** Signs cookies; 32 bytes or more. */
  readonly secret: string;
  /** An origin, `https://hooks.example.com`. */
  readonly publicUrl: string;
  readonly attempts: Attempts;
  readonly passwords: Passwords;
  readonly access: Pick<Access, 'vouch'>;
  readonly oidc: OidcProvider | null;
  readonly signInLog: SignInLog;
}

const day = 24 * 60 * 60;
const minute = 60;

/** See `stores/ports/access.ts`. */
const era = { type: 'number', required: true, defaultValue: 0, input: false } as const;

/** What better-auth's tables depend on; `schema.test.ts` compares them with the migration. */
export const authTables = {
  user: {
    modelName: 'auth_user',
    additionalFields: {
      confirmed: { type: 'boolean', required: true, defaultValue: false, input: false },
      era,
    },
  },
  session: {
    modelName: 'auth_session',
    additionalFields: { via: { type: 'string', required: false, input: false }, era },
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
export function createAuth(options: AuthOptions) {
  const { database, secret, publicUrl, attempts, passwords, access, oidc, signInLog } = options;
  return betterAuth({
    ...authTables,
    appName: 'Hookwire',
    baseURL: publicUrl,
    basePath: authBasePath,
    secret,
    database: { ...database, transaction: false },
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
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
      log: (_level, message) => signInLog(message),
    },
    plugins: oidc === null ? [] : [genericOAuth({ config: [providerConfig(oidc)] })],
    databaseHooks: {
      session: {
        create: {
          async before(session, context) {
            const underWay = signInUnderWay.getStore();
            const adapter = context?.context.internalAdapter;
            if (!underWay || !adapter) return false;
            const via = context.path?.startsWith('/callback/') ? 'oidc' : 'password';
            const provider = via === 'oidc' ? oidcProviderId : 'credential';
            // What was proved has to be good still. What is revoked from here on, `find` of the portal sees.
            const person = await adapter.findUserById(session.userId);
            const ways = await adapter.findAccounts(session.userId);
            if (!person || !isOfThisEra(underWay, person)) return false;
            if (!ways.some(({ providerId }) => providerId === provider)) return false;
            return { data: { ...session, via, era: underWay.era } };
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
          async before(account) {
            if (account.providerId !== oidcProviderId) return;
            const era = await access.vouch(account.userId);
            const underWay = signInUnderWay.getStore();
            if (era !== null && underWay) underWay.era = era;
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

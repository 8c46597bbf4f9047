import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { errorTable } from '../../core/errors.ts';
import { nameComponents } from './components.ts';
import { defaultsInWords } from './default-words.ts';
import { allowEmptyValues } from './empty-values.ts';
import { optionalBodies } from './optional-bodies.ts';

/** The contract's version, not the program's. */
const contractVersion = '1.0.0';

const introduction = `
Takes delivery reports (DLR) and inbound messages (MO) from a messaging platform and delivers each to its customers'
endpoints, as they expect it.

**Conventions.** JSON in and out, camelCase, UTF-8; a body may be packed (\`Content-Encoding: gzip\`), within the limit that
its call has. Instants are ISO 8601 UTC with milliseconds. Ids are opaque
strings. Message ids, transaction ids and error codes are strings, never numbers. Unknown fields and query parameters
are refused; a query parameter without a value (\`?from=\`) counts as left out. Lists are \`{ data, nextCursor }\` with \`limit\` (default 50, at most 500) and \`cursor\`.

**Keys.** \`Authorization: Bearer hw_…\`. An operator key may do everything and names the account by \`accountId\`, in
the body or the query. An account key sees and changes its own account alone; what belongs to another answers 404. The
scope \`admin\` includes all others within the account.

**People** sign in at the portal. Calls with their cookie that may change something carry \`hookwire-csrf: 1\` and come from
the gateway's own pages, or are answered 403 \`csrf\`. Whoever belongs to several accounts names one by
\`hookwire-account\`. A role has scopes: an owner \`admin\`, a developer all of webhooks and deliveries, a viewer both
\`:read\`.

**Errors** are RFC 9457 \`application/problem+json\` with a stable \`code\`:

| code | status | title |
|---|---|---|
${Object.entries(errorTable)
  .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`)
  .join('\n')}
`.trim();

/** Of its own: a call of the API under the same tag would have its generated class overwritten. */
export const receivedTag = 'What endpoints receive';

const tags = [
  { name: 'Events', description: 'Hand in delivery reports and inbound messages.' },
  { name: 'Webhooks', description: 'Who gets which reports, and in which form.' },
  { name: 'Deliveries', description: 'What happened to each event at each webhook.' },
  { name: 'Tasks', description: 'Work that takes longer than a call: progress and cancelling.' },
  { name: 'Erasures', description: 'Forget a person, and the receipts of that.' },
  { name: 'Senders', description: 'The Waba Numbers that webhooks may choose from.' },
  { name: 'Accounts', description: "The platform's customers." },
  { name: 'Keys', description: "An account's API keys." },
  { name: 'Session', description: 'Signing in to the portal, and who one is.' },
  { name: 'People', description: 'Who may come in, and with which role.' },
  { name: 'Audit log', description: 'Who changed what.' },
  { name: 'Operations', description: 'Health and metrics; no key needed.' },
  {
    name: receivedTag,
    description: 'What the gateway sends to the endpoints of webhooks: no call of this API.',
  },
];

/** @param received the requests that endpoints receive, by name: OpenAPI's `webhooks` */
export function openApiOptions(received: () => Record<string, object>): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hookwire',
        version: contractVersion,
        description: introduction,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string },
      },
      servers: [
        { url: '/', description: 'The gateway that serves this document.' },
        { url: 'http://127.0.0.1:8080', description: 'A gateway on this machine, as it is by default.' },
      ],
      tags,
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `hw_…`.' },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'hookwire.session_token',
            description: 'A person who is signed in; with https the name begins with `__Secure-`.',
          },
        },
      },
    },
    transformObject(documents) {
      if (!('openapiObject' in documents)) return documents.swaggerObject;
      const document = { ...documents.openapiObject, webhooks: received() };
      return nameComponents(defaultsInWords(allowEmptyValues(optionalBodies(document))));
    },
  };
}

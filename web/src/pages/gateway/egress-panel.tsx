import { Alert, Stack, Text, Title } from '@mantine/core';
import type { GatewayHealth } from '../../api/gateway.ts';
import { Instant } from '../../ui/instant.tsx';

type Egress = GatewayHealth['egress'];

/** How the gateway gets out, and whom it trusts there. */
export function EgressPanel({ egress: { proxy, authorities } }: { readonly egress: Egress }) {
  return (
    <section>
      <Title order={2} size="h4" mt="lg">
        Ways out
      </Title>
      <Stack gap="xs">
        {proxy ? <ProxyFacts proxy={proxy} /> : <Text size="sm">Every connection is direct.</Text>}
        {authorities ? (
          <Authorities authorities={authorities} />
        ) : (
          <Text size="sm">Certificates of public authorities are trusted, and no others.</Text>
        )}
      </Stack>
    </section>
  );
}

function ProxyFacts({ proxy }: { readonly proxy: NonNullable<Egress['proxy']> }) {
  const { url, authenticates, except, workedAt, trouble } = proxy;
  return (
    <>
      {trouble && (
        <Alert color="red" title="The egress proxy does not let the gateway out">
          {trouble.detail} Since <Instant at={trouble.since} />. Deliveries wait meanwhile; no attempt of
          theirs is used up.
        </Alert>
      )}
      <Text size="sm">
        Through the proxy <span className="exact">{url}</span>
        {authenticates ? ', with user and password' : ''}.{' '}
        {workedAt === null ? (
          'Nothing has come through it yet.'
        ) : (
          <>
            Something last came through it <Instant at={workedAt} />.
          </>
        )}
      </Text>
      {except.length > 0 && (
        <Text size="sm">
          Called directly: <span className="exact">{except.join(', ')}</span>
        </Text>
      )}
    </>
  );
}

function Authorities({ authorities }: { readonly authorities: NonNullable<Egress['authorities']> }) {
  const { file, count, certificates } = authorities;
  return (
    <>
      <Text size="sm">
        Besides public authorities, {count === 1 ? 'a certificate is' : `${count} certificates are`} trusted,
        of <span className="exact">{file}</span>:
      </Text>
      <ul>
        {certificates.map(({ subject, expiresAt }) => (
          <li key={`${subject} ${expiresAt}`}>
            <Text size="sm">
              {subject}, {Date.parse(expiresAt) < Date.now() ? 'expired' : 'expires'}{' '}
              <Instant at={expiresAt} />
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}

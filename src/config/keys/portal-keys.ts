import { key } from '../config-key.ts';
import { cidrList, origin, originList, secretText, serviceUrl, shortText } from '../parsers.ts';

/** Where people find the portal, and how they sign in. */
export const portalKeys = {
  publicUrl: key({
    name: 'HOOKWIRE_PUBLIC_URL',
    description:
      'Where people reach the portal: links are made with it, OIDC returns to it, and with https the cookie is for https alone. Set it behind a proxy.',
    shape: 'http or https origin, without a path',
    unit: null,
    default: null,
    absent: 'The address that the gateway listens on.',
    example: 'https://hooks.example.com',
    secret: false,
    parse: origin,
  }),
  trustedProxies: key<readonly string[]>({
    name: 'HOOKWIRE_TRUSTED_PROXIES',
    description:
      "Address ranges of proxies whose `X-Forwarded-For` is believed, so that sign-ins are counted, and the audit log is written, with the client's own address.",
    shape: 'CIDR ranges, separated by commas',
    unit: null,
    default: '',
    example: '10.0.0.0/8',
    secret: false,
    parse: cidrList,
  }),
  portalFrameOrigins: key<readonly string[]>({
    name: 'HOOKWIRE_PORTAL_FRAME_ORIGINS',
    description:
      "Origins of the platform's own pages that may show the portal in a frame. Nobody else's page can.",
    shape: 'origins, separated by commas',
    unit: null,
    default: '',
    example: 'https://console.example.com',
    secret: false,
    parse: originList,
  }),
  oidcIssuer: key({
    name: 'HOOKWIRE_OIDC_ISSUER',
    description:
      'A provider of OpenID Connect by which invited people may sign in. Its discovery document is read from `/.well-known/openid-configuration` under it.',
    shape: 'http or https URL',
    unit: null,
    default: null,
    absent: 'People sign in with e-mail and password.',
    example: 'https://login.example.com/realms/acme',
    secret: false,
    parse: serviceUrl,
  }),
  oidcClientId: key({
    name: 'HOOKWIRE_OIDC_CLIENT_ID',
    description: 'What the provider knows the gateway as. Needed with `HOOKWIRE_OIDC_ISSUER`.',
    shape: 'visible ASCII characters',
    unit: null,
    default: null,
    absent: 'There is no sign-in by OIDC.',
    example: 'hookwire',
    secret: false,
    parse: secretText(1),
  }),
  oidcClientSecret: key({
    name: 'HOOKWIRE_OIDC_CLIENT_SECRET',
    description: "The gateway's secret at the provider. Needed with `HOOKWIRE_OIDC_ISSUER`.",
    shape: 'visible ASCII characters',
    unit: null,
    default: null,
    absent: 'There is no sign-in by OIDC.',
    example: '8f14e45fceea167a5a36dedd4bea2543',
    secret: true,
    parse: secretText(1),
  }),
  oidcName: key({
    name: 'HOOKWIRE_OIDC_NAME',
    description: 'What the sign-in page calls the provider.',
    shape: 'text of at most 40 characters',
    unit: null,
    default: 'single sign-on',
    example: 'Acme Login',
    secret: false,
    parse: shortText(40),
  }),
};

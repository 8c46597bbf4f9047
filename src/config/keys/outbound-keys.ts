import { key } from '../config-key.ts';
import {
  cidrList,
  domainList,
  filePath,
  maskProxyAddress,
  nameServerList,
  proxyAddress,
  proxyExceptions,
} from '../parsers.ts';

/** Whom endpoints may be, and the way to them. */
export const outboundKeys = {
  allowNetworks: key<readonly string[]>({
    name: 'HOOKWIRE_ALLOW_NETWORKS',
    description:
      'Address ranges that webhooks may call although they are private, loopback or otherwise refused. Keep it as narrow as possible.',
    shape: 'CIDR ranges, separated by commas',
    unit: null,
    default: '',
    example: '127.0.0.0/8,10.20.0.0/16',
    secret: false,
    parse: cidrList,
  }),
  insideDomains: key<readonly string[]>({
    name: 'HOOKWIRE_INSIDE_DOMAINS',
    description:
      'Domains whose names exist inside of your network alone. A webhook to such a name is answered alike whether the name exists or not. Names without a dot, and those below `internal`, `local`, `corp`, `lan` and the like, are known already.',
    shape: 'domains, separated by commas',
    unit: null,
    default: '',
    example: 'inside.example.com',
    secret: false,
    parse: domainList,
  }),
  dnsServers: key({
    name: 'HOOKWIRE_DNS_SERVERS',
    description:
      'Name servers that are asked for the hosts of webhooks, traces and sign-in. Search domains, `ndots` and the hosts file are those of the machine all the same.',
    shape: 'IP addresses, each with a port where it is not 53, separated by commas',
    unit: null,
    default: null,
    absent: 'Those of `/etc/resolv.conf`; a change there is noticed within two seconds.',
    example: '10.0.0.2,10.0.0.3:5353,[fd00::53]:53',
    secret: false,
    parse: nameServerList,
  }),
  egressProxy: key({
    name: 'HOOKWIRE_EGRESS_PROXY',
    description:
      'An HTTP proxy through which the gateway gets out: deliveries and tests of webhooks, traces and sign-in by OIDC. All of it goes by CONNECT, plain HTTP too, to an address that the gateway has looked up and vetted, so the rules of the proxy must let it connect to addresses, on the ports of the webhooks.',
    shape: 'http or https URL, with user and password where the proxy asks for them (Basic)',
    unit: null,
    default: null,
    absent: 'Every connection is direct. `HTTP_PROXY` and the like are not looked at.',
    example: 'http://hookwire:s3cret@proxy.example.com:3128',
    secret: true,
    show: maskProxyAddress,
    parse: proxyAddress,
  }),
  egressProxyExcept: key<readonly string[]>({
    name: 'HOOKWIRE_EGRESS_PROXY_EXCEPT',
    description:
      'What is called directly although there is a proxy. A name stands for itself, `*.` before it for all below it; a range for every host that has an address in it.',
    shape: 'CIDR ranges, addresses and names, separated by commas',
    unit: null,
    default: '',
    example: '10.0.0.0/8,collector.example.com,*.internal.example',
    secret: false,
    parse: proxyExceptions,
  }),
  caFile: key({
    name: 'HOOKWIRE_CA_FILE',
    description:
      'A file with the certificates of private authorities, which are trusted beside the public ones: by webhooks, traces, sign-in by OIDC and the egress proxy. It is read at the start; one that cannot be read, or holds no certificate, keeps the gateway from starting.',
    shape: 'path of a file in PEM form',
    unit: null,
    default: null,
    absent: 'Public authorities alone are trusted.',
    example: '/etc/hookwire/authorities.pem',
    secret: false,
    parse: filePath,
  }),
};

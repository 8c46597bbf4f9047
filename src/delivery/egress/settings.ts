/** The proxy through which the gateway gets out: plain data, fit to be handed to a thread. */
export interface EgressProxy {
  /** TLS is spoken with the proxy itself. */
  readonly secure: boolean;
  /** A name or an address, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`; a secret. `null`: none is sent. */
  readonly authorization: string | null;
  /** What is called directly: address ranges, names, and `*.` before a name for all below it. */
  readonly except: readonly string[];
}

/** The proxy as people are shown it, without user and password. */
export function proxyUrl({ secure, hostname, port }: Omit<EgressProxy, 'authorization' | 'except'>): string {
  return `${secure ? 'https' : 'http'}://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

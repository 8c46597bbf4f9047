import { request } from 'undici';
import type { GatewayFixture } from '../../src/testing/gateway-fixture.ts';
import type { ShownSession } from './person.ts';

/** A browser with all its cookies, which follows one redirect at a time. */
export function openTab(gateway: Pick<GatewayFixture, 'gateway'>) {
  const jar = new Map<string, string>();
  async function go(url: string) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(url, { headers: cookie === '' ? {} : { cookie } });
    for (const kept of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(kept) ?? [];
      if (/Max-Age=0/.test(kept)) jar.delete(name);
      else jar.set(name, value);
    }
    const { location } = answer.headers;
    const text = await answer.body.text();
    return { status: answer.statusCode, location: typeof location === 'string' ? location : '', text };
  }
  return {
    jar,
    go,
    /** To the provider and back; where the browser ends up. */
    async signIn(): Promise<string> {
      const there = await go(`${gateway.gateway.url}/v1/session/oidc`);
      if (there.status !== 302) throw new Error(`Going to the provider was answered ${there.status}.`);
      const back = await go(there.location);
      return (await go(back.location)).location;
    },
    async session(): Promise<ShownSession> {
      return JSON.parse((await go(`${gateway.gateway.url}/v1/session`)).text);
    },
  };
}

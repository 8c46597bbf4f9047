import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authTables } from '../../../people/better-auth.ts';
import { createPortalPeople, type PortalPeople } from '../../../people/portal-people.ts';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { quickPasswords } from '../../../testing/quick-passwords.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
const client = { address: '127.0.0.1', userAgent: 'test' };
let store: Awaited<ReturnType<typeof places.open>>;
let portal: PortalPeople;
const warnings: unknown[] = [];

beforeAll(async () => {
  const clock = createManualClock();
  store = await places.open('sign-in', clock);
  portal = createPortalPeople({
    people: store.people,
    access: store.access,
    database: store.portalDatabase,
    secret: 'x'.repeat(32),
    publicUrl: () => 'http://127.0.0.1:8080',
    oidc: null,
    log: { warn: (...told) => void warnings.push(told) },
    passwords: quickPasswords,
    clock,
  });
});
afterAll(async () => {
  await store.close();
  await places.remove();
});

describe('the library that signs people in, on PostgreSQL', () => {
  it('misses none of its tables, columns and indexes', async () => {
    const database = { ...store.portalDatabase, transaction: false };
    const { toBeCreated, toBeAdded } = await getMigrations({ ...authTables, database });
    expect([...toBeCreated, ...toBeAdded].map(({ table }) => table)).toEqual([]);
  });

  it('lets somebody in by a link and by a password, until that is revoked', async () => {
    const link = await portal.issueSetUpLink();
    const token = link?.split('#token=')[1] ?? '';
    const password = 'correct horse battery';
    const first = await portal.setUp({ token, name: 'Olga', email: 'Olga@example.com', password }, client);
    expect(first).toMatchObject({ person: { name: 'Olga', email: 'olga@example.com' }, via: 'password' });
    expect(await portal.setUpNeeded()).toBe(false);

    const second = await portal.signIn.byPassword('olga@example.com', password, client);
    const cookie = second.cookies.map((each) => each.split(';')[0]).join('; ');
    expect(await portal.find(cookie)).toMatchObject({ memberships: [{ role: 'operator' }] });
    await expect(portal.signIn.byPassword('olga@example.com', 'another one', client)).rejects.toMatchObject({
      code: 'invalid_credentials',
    });

    await portal.signIn.changePassword(second.person, password, 'quite another password', client);
    expect(await portal.find(cookie)).toBeNull();
    await expect(portal.signIn.byPassword('olga@example.com', password, client)).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect(warnings).toEqual([]);
  });

  it('finds nobody by a cookie, an address or a token with a NUL character in it', async () => {
    expect(await portal.find('hookwire.session_token=a%00b')).toBeNull();
    expect(await portal.isPerson('a\u0000@example.com')).toBe(false);
    expect(await portal.readLink('o\u0000')).toBeNull();
    await expect(
      portal.signIn.byPassword('a\u0000@example.com', 'x'.repeat(20), client),
    ).rejects.toMatchObject({ code: 'invalid_credentials' });
  });
});

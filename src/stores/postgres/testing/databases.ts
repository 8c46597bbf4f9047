import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { laidOutTemplate } from './prepare.ts';

/** Databases on the server of all tests. */
export interface TestDatabases {
  /** The connection string of a database, which is made, empty, when it is first asked for. */
  of(place: string): Promise<string>;
  /** The same of one that has the schema. */
  laidOut(place: string): Promise<string>;
  /** Takes a place's away. */
  drop(place: string): Promise<void>;
  /** Takes them away; nobody may be connected. */
  remove(): Promise<void>;
}

export function createTestDatabases(): TestDatabases {
  const server = inject('postgres');
  const made = new Map<string, Promise<string>>();

  async function ask(statement: string): Promise<void> {
    const client = new pg.Client(server);
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  async function make(template: string): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await ask(`create database ${name} template ${template}`);
    return name;
  }

  async function urlOf(place: string, template: string): Promise<string> {
    const name = made.get(place) ?? make(template);
    made.set(place, name);
    return Object.assign(new URL(server), { pathname: await name }).href;
  }

  async function drop(place: string): Promise<void> {
    const name = made.get(place);
    if (name) await ask(`drop database ${await name} with (force)`);
    made.delete(place);
  }

  return {
    of: (place) => urlOf(place, 'template1'),
    laidOut: (place) => urlOf(place, laidOutTemplate),
    drop,
    async remove() {
      for (const place of [...made.keys()]) await drop(place);
    },
  };
}

import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { applicationId, SchemaError } from './identify.ts';
import { migrations } from './index.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';

const one: Migration = { number: 1, name: 'one', sql: 'create table one (a integer) strict' };
const two: Migration = { number: 2, name: 'two', sql: 'create table two (a integer) strict' };
const broken: Migration = { number: 2, name: 'two', sql: 'create table two (a integer); create tabel oops' };

function tables(db: DatabaseSync): string[] {
  const rows = db.prepare("select name from sqlite_schema where type = 'table' order by name").all();
  return rows.map((row) => String(row.name));
}

describe('migrate', () => {
  it('runs every step on an empty database, and none of them twice', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, [one]);
    migrate(db, [one, two]);
    migrate(db, [one, two]);
    expect(tables(db)).toEqual(['one', 'schema_migrations', 'two']);
  });

  it('changes nothing at all when one step fails', () => {
    const db = new DatabaseSync(':memory:');
    expect(() => migrate(db, [one, broken])).toThrow(/Step 2 \(two\) .*syntax error.*Nothing was changed/);
    expect(tables(db)).toEqual([]);
    expect(db.isTransaction).toBe(false);
  });

  it('refuses a database that is newer than the program', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, [one, two]);
    expect(() => migrate(db, [one])).toThrow(SchemaError);
    expect(() => migrate(db, [one])).toThrow(/newer Hookwire.*step 2 \(two\).*knows 1/);
  });

  it('leaves a database of another application as it is', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('create table invoices (a)');
    expect(() => migrate(db, [one])).toThrow(SchemaError);
    expect(tables(db)).toEqual(['invoices']);
  });

  it('marks the database as ours, also one that an older version has made', () => {
    const db = new DatabaseSync(':memory:');
    const marked = () => db.prepare('pragma application_id').get()?.application_id;
    migrate(db, [one]);
    expect(marked()).toBe(applicationId);
    db.exec('pragma application_id = 0');
    migrate(db, [one]);
    expect(marked()).toBe(applicationId);
  });

  it('refuses a database whose steps are others', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, [{ ...one, name: 'uno' }]);
    expect(() => migrate(db, [one, two])).toThrow(/step 1 \(uno\) is not known/);
    expect(tables(db)).not.toContain('two');
  });

  it('knows steps that are numbered without a gap', () => {
    expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, index) => index + 1));
  });
});

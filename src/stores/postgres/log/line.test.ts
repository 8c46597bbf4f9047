import { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLine, type Line } from './line.ts';

describe('a line', () => {
  let line: Line;
  let ran: string[];

  beforeEach(() => {
    const client = Object.assign(new EventEmitter(), {
      release() {},
      async query(text: string) {
        ran.push(text.split(' ')[0] ?? '');
      },
    });
    line = createLine({ connect: async () => client } as unknown as Pool);
    ran = [];
  });

  const note = (name: string) => async () => void ran.push(name);
  const first = (name: string) => line.runFirst(note(name));
  const other = (account: string, name: string) => line.run(account, note(name));

  it('lets one load go between two that are recorded', async () => {
    for (const name of ['l1', 'l2', 'l3', 'l4']) void other('a', name);
    void first('r1');
    void first('r2');
    await line.idle();
    expect(ran).toEqual(['r1', 'l1', 'r2', 'l2', 'l3', 'l4']);
  });

  it('does what was recorded before what is asked behind it', async () => {
    void first('r1').then(() => {
      void first('r2');
      void other('a', 'l1');
    });
    await line.idle();
    expect(ran).toEqual(['r1', 'r2', 'l1']);
  });

  it('lets accounts take turns', async () => {
    for (const name of ['a1', 'a2', 'a3']) void other('a', name);
    void other('b', 'b1');
    await line.idle();
    expect(ran).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('goes on behind what failed', async () => {
    const failed = line.transact('a', async () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await other('a', 'l1');
    expect(ran).toEqual(['begin', 'rollback', 'l1']);
  });

  it('is idle when what was asked meanwhile is done too', async () => {
    void first('r1').then(() => void other('a', 'l1'));
    await line.idle();
    expect(ran).toEqual(['r1', 'l1']);
  });
});

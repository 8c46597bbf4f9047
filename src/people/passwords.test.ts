import { describe, expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

describe('passwords', () => {
  it('are known again by their hash, which is another one each time', async () => {
    const passwords = createPasswords();
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).not.toBe(two);
    expect(one).not.toContain('correct');
    expect(await passwords.verify({ hash: one, password: 'correct horse' })).toBe(true);
    expect(await passwords.verify({ hash: one, password: 'correct house' })).toBe(false);
  });

  it('wait for their turn, so that they leave threads to others', async () => {
    const passwords = createPasswords(1);
    const all = ['a', 'b', 'c'].map((password) => passwords.hash(password));
    expect(passwords.waiting).toBe(2);
    await Promise.all(all);
    expect(passwords.waiting).toBe(0);
  });

  it('give their turn on when one fails', async () => {
    const passwords = createPasswords(1);
    const failing = passwords.verify({ hash: 'no hash', password: 'x' });
    const next = passwords.hash('x');
    await expect(failing).rejects.toThrow();
    expect(await next).toContain(':');
  });
});

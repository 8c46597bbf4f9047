import { expect, it } from 'vitest';
import { createCipher } from '../stores/secrets/cipher.ts';
import { turns } from '../testing/turns.ts';
import { sealMessages } from './sealed-messages.ts';
import { createMessagesHub } from './testing/messages-hub.ts';

const keys = ['a'.repeat(64), 'b'.repeat(64)] as const;

it('what is said is heard as it was said, and stands nowhere as such', async () => {
  const hub = createMessagesHub();
  const failed: unknown[] = [];
  const [a, b] = ['a', 'b'].map((id) =>
    sealMessages(hub.connect(id), createCipher(keys[0]), (error) => failed.push(error)),
  );
  const heard: unknown[] = [];
  const seen: string[] = [];
  hub.lose((_kind, body) => {
    seen.push(JSON.stringify(body));
    return false;
  });
  b?.on('number', (body, from) => heard.push([body, from]));
  b?.on('nothing', (body) => heard.push(body));
  a?.tell('b', 'number', { mobile: '+919812345678', list: [1, null] });
  a?.tell(null, 'nothing', undefined);
  await turns();
  expect(heard).toEqual([[{ mobile: '+919812345678', list: [1, null] }, 'a'], null]);
  expect(seen).toHaveLength(2);
  expect(seen.join()).not.toContain('9812345678');
  expect(failed).toEqual([]);
});

it('what was sealed with another key, or for another kind, is not heard', async () => {
  const hub = createMessagesHub();
  const failed: unknown[] = [];
  const heard: unknown[] = [];
  const open = (id: string, key: string) =>
    sealMessages(hub.connect(id), createCipher(key), (error) => failed.push(error));
  const b = open('b', keys[0]);
  b.on('one', (body) => heard.push(body));
  open('a', keys[1]).tell('b', 'one', 'secret');
  hub.connect('c').tell('b', 'one', 'plain');
  hub.connect('d').tell('b', 'one', createCipher(keys[0]).seal('"moved"', 'process message/other'));
  await turns();
  expect(heard).toEqual([]);
  expect(failed).toHaveLength(3);
});

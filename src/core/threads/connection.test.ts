import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConnectionOptions, connect, type Handlers, type Message, type Port } from './connection.ts';
import { ThreadError } from './thread-error.ts';

interface Kitchen {
  cook(dish: string, minutes: number): string;
  open(): null;
}

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

function openKitchen(handlers: Partial<Handlers<Kitchen>>, options?: ConnectionOptions) {
  const channel = new MessageChannel();
  channels.push(channel);
  const { port1, port2 } = channel;
  connect<Partial<Kitchen>, object>(port2, handlers as Handlers<Partial<Kitchen>>, options);
  return { guest: connect<object, Kitchen>(port1, {}), port1, port2 };
}

describe('a call over a port', () => {
  it('is answered with what the other side gives or promises', async () => {
    const { guest } = openKitchen({
      cook: async (dish, minutes) => `${dish} after ${minutes} min`,
      open: () => null,
    });
    const asked = [guest.ask('cook', 'soup', 5), guest.ask('open')];
    expect(await Promise.all(asked)).toEqual(['soup after 5 min', null]);
    expect(guest.waiting).toBe(0);
  });

  it('is rejected with what the other side throws, at once or later', async () => {
    const { guest } = openKitchen({
      cook: async () => {
        throw Object.assign(new Error('It burns.'), { code: 'FIRE' });
      },
      open() {
        throw new Error('Closed on Mondays.');
      },
    });
    await expect(guest.ask('cook', 'soup', 5)).rejects.toMatchObject({ message: 'It burns.', code: 'FIRE' });
    await expect(guest.ask('open')).rejects.toThrow(ThreadError);
  });

  it('is rejected when the other side has no such function', async () => {
    const { guest } = openKitchen({});
    await expect(guest.ask('open')).rejects.toThrow('There is no call "open".');
    await expect(guest.ask('toString' as 'open')).rejects.toThrow('There is no call "toString".');
  });

  it('is rejected alone when its arguments or its answer cannot be cloned', async () => {
    const { guest } = openKitchen({ cook: () => (() => {}) as never, open: () => null });
    const asked = [
      guest.ask('cook', (() => {}) as never, 5),
      guest.ask('cook', 'soup', 5),
      guest.ask('open'),
    ];
    expect(await Promise.allSettled(asked)).toMatchObject([
      { reason: { message: expect.stringMatching(/could not be cloned/) } },
      { reason: { message: expect.stringMatching(/could not be cloned/) } },
      { value: null },
    ]);
  });

  it('is rejected when the other side is gone, and so is every one after it', async () => {
    const { guest } = openKitchen({ open: () => new Promise(() => {}) });
    const asked = guest.ask('open');
    guest.fail(new Error('The kitchen burnt down.'));
    await expect(asked).rejects.toThrow('burnt down');
    await expect(guest.ask('open')).rejects.toThrow('burnt down');
  });
});

describe('what is said over a port', () => {
  it('is heard in its order, and before its turn by who catches up', () => {
    const heard: string[] = [];
    const { port1, port2 } = new MessageChannel();
    const kitchen = connect<Kitchen, object>(port2, {
      cook(dish) {
        heard.push(dish);
        return dish;
      },
      open: () => null,
    });
    const guest = connect<object, Kitchen>(port1, {});
    for (const dish of ['soup', 'fish', 'cake']) guest.tell('cook', dish, 1);
    kitchen.catchUp();
    expect(heard).toEqual(['soup', 'fish', 'cake']);
    port1.close();
  });

  it('goes out behind what is said before each message', async () => {
    let isFirst = true;
    const { port1, port2 } = new MessageChannel();
    channels.push({ port1, port2 });
    const told: string[] = [];
    const kitchen = connect<Kitchen, Kitchen>(
      port2,
      { cook: (dish) => dish, open: () => null },
      {
        beforePost() {
          if (isFirst) {
            isFirst = false;
            kitchen.tell('cook', 'news', 0);
          }
        },
      },
    );
    const guest = connect<Kitchen, Kitchen>(port1, {
      cook(dish) {
        told.push(dish);
        return dish;
      },
      open: () => null,
    });
    told.push(await guest.ask('cook', 'soup', 5));
    expect(told).toEqual(['news', 'soup']);
  });
});

describe('a message that cannot be read', () => {
  /** Two ends in which every message that `isLost` names cannot be read. */
  function playPorts(isLost: (message: Message) => boolean): [Port & EventEmitter, Port & EventEmitter] {
    const ends = [0, 1].map((i) =>
      Object.assign(new EventEmitter(), {
        postMessage(message: Message) {
          const other = ends[1 - i];
          if (isLost(message)) other?.emit('messageerror', new Error('too deep'));
          else other?.emit('message', message);
        },
      }),
    );
    return ends as [Port & EventEmitter, Port & EventEmitter];
  }

  it('fails the call that it was', async () => {
    const [mine, theirs] = playPorts((message) => 'call' in message && message.args[0] === 'deep');
    connect<Kitchen, object>(theirs, { cook: (dish) => dish, open: () => null });
    const guest = connect<object, Kitchen>(mine, {});
    guest.tell('open');
    const asked = ['soup', 'deep', 'cake'].map((dish) => guest.ask('cook', dish, 1));
    expect(await Promise.allSettled(asked)).toMatchObject([
      { value: 'soup' },
      { reason: { code: 'message_unreadable', message: 'A message cannot be read: too deep' } },
      { value: 'cake' },
    ]);
  });

  it('fails the oldest call when it was an answer and these come in order', async () => {
    const [mine, theirs] = playPorts((message) => 'value' in message && message.value === 'deep');
    connect<Kitchen, object>(theirs, { cook: (dish) => dish, open: () => null });
    const guest = connect<object, Kitchen>(mine, {}, { answersInOrder: true });
    const asked = ['soup', 'deep', 'cake'].map((dish) => guest.ask('cook', dish, 1));
    expect(await Promise.allSettled(asked)).toMatchObject([
      { value: 'soup' },
      { reason: { code: 'message_unreadable' } },
      { value: 'cake' },
    ]);
  });

  it('ends the thread that sent it when nobody waits for an answer there', () => {
    const [mine, theirs] = playPorts((message) => 'call' in message);
    connect<Kitchen, object>(theirs, { cook: (dish) => dish, open: () => null });
    const guest = connect<object, Kitchen>(mine, {});
    expect(() => guest.tell('open')).toThrow('A message cannot be read: too deep');
  });
});

import { describe, expect, it } from 'vitest';
import { createEventReader, type ServerEvent } from './event-source.ts';

function readAll(...pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const read = createEventReader((event) => events.push(event));
  for (const piece of pieces) read(piece);
  return events;
}

describe('a stream of Server-Sent Events', () => {
  const text =
    'retry: 2000\n\n:\n\nevent: delivery\ndata: {"id":"dlv_1"}\n\nevent: skipped\ndata: {"count":3}\n\n';
  const events = [
    { name: 'delivery', data: '{"id":"dlv_1"}' },
    { name: 'skipped', data: '{"count":3}' },
  ];

  it('is read event by event; comments and empty blocks are none', () => {
    expect(readAll(text)).toEqual(events);
  });

  it('is read alike wherever it is cut', () => {
    for (let at = 1; at < text.length; at++)
      expect(readAll(text.slice(0, at), text.slice(at))).toEqual(events);
    expect(readAll(...text)).toEqual(events);
  });

  it('may end its lines with CR LF, and have data of several lines', () => {
    expect(readAll('data: a\r\ndata:b\r\n\r\n')).toEqual([{ name: 'message', data: 'a\nb' }]);
  });

  it('says nothing of an event that has not ended', () => {
    expect(readAll('event: delivery\ndata: {}\n')).toEqual([]);
  });
});

import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { connect } from '../../core/threads/connection.ts';
import { createBoard, monotonicMs } from './board.ts';
import { createCouriers } from './couriers.ts';
import type { CourierCalls, CourierNews } from './protocol.ts';

it('lets couriers that were late send again when they know what they have lost, and not before', async () => {
  const board = createBoard(1, 0);
  const { port1, port2 } = new MessageChannel();
  const couriers = createCouriers({
    ...{ board, ports: [port1], maxInFlight: 1, handedOver: () => 0 },
    registry: { all: () => [], onChange: () => {} },
    isDeleted: async () => true,
    openBreakersOf: async () => [],
    onDisable: async () => {},
    onShortage: () => {},
    onHostRefused: () => {},
    onProxyNews: () => {},
    readEvent: () => {
      throw new Error('There is none.');
    },
  });
  const seen: string[] = [];
  const goesOn = Promise.withResolvers<void>();
  const note = (what: string): void => void seen.push(`${what}, ${board.isLate() ? 'late' : 'may send'}`);
  connect<Pick<CourierCalls, 'loseShards' | 'heard' | 'goOn'>, CourierNews>(port2, {
    loseShards: () => note('loses'),
    heard: async () => note('heard'),
    goOn() {
      note('goes on');
      goesOn.resolve();
    },
  });
  board.maySend(monotonicMs() - 2_000, 1_000);
  couriers.loseShards([7]);
  couriers.maySend(monotonicMs(), 3_600_000);
  await goesOn.promise;
  expect(seen).toEqual(['loses, late', 'heard, late', 'goes on, may send']);
  port1.close();
  await once(port2, 'close');
});

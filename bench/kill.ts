/**
 * `kill -9` in the middle of a load, again and again: every accepted event must arrive, and at most what was in flight
 * at the moment of the kill may arrive twice. docs/benchmarks.md says how to read it.
 *
 *   npm run bench:kill -- [--rounds 10] [--events 20000] [--batch 100] [--all]
 *
 * With `--all` a part of the load goes to webhooks with order and with batches, and a recover task is running.
 */
import { parseArgs } from 'node:util';
import { atMost, judge } from './harness/bars.ts';
import { count } from './harness/figures.ts';
import { killRounds } from './harness/kill.ts';
import { machine } from './harness/machine.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    events: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '100' },
    all: { type: 'boolean', default: false },
  },
});

console.log(machine());
const rounds = await killRounds({
  rounds: Number(values.rounds),
  events: Number(values.events),
  batch: Number(values.batch),
  all: values.all,
  onRound(round, number) {
    console.log(
      `round ${number}: killed after ${round.killedAfter} accepted; accepted ${round.accepted}, lost ${round.lost}, duplicates ${round.duplicates}, in flight at the kill ${round.inFlightAtKill}`,
    );
    const { task } = round;
    if (task) {
      console.log(
        `  out of order ${round.disorder}; of ${task.failed} to recover ${task.arrivedAtKill} had arrived at the kill; the task ends ${task.state} and says ${task.done} of ${task.total}`,
      );
    }
  },
});
const sum = (read: (round: (typeof rounds)[number]) => number): number =>
  rounds.reduce((all, round) => all + read(round), 0);
const lost = sum((round) => round.lost);
const tooMany = rounds.filter((round) => round.duplicates > round.inFlightAtKill).length;
console.log(
  `${rounds.length} kills: accepted ${sum((round) => round.accepted)}, lost ${lost}, duplicates ${sum((round) => round.duplicates)}, in flight ${sum((round) => round.inFlightAtKill)}`,
);
const bars = [
  atMost('events lost', 0, lost, count),
  atMost('rounds with more duplicates than were in flight', 0, tooMany, count),
];
if (values.all) {
  const disorder = sum((round) => round.disorder);
  const tasks = rounds.flatMap(({ task }) => task ?? []);
  const underWay = tasks.filter(({ arrivedAtKill, failed }) => arrivedAtKill < failed).length;
  const notDone = tasks.filter(({ state }) => state !== 'done').length;
  const miscounted = tasks.filter(({ done, failed }) => done !== failed).length;
  console.log(`${underWay} of ${tasks.length} recover tasks were under way at the kill`);
  bars.push(
    atMost('reports out of order', 0, disorder, count),
    atMost('recover tasks that did not come to their end', 0, notDone, count),
    atMost('recover tasks that count less than they delivered', 0, miscounted, count),
  );
}
judge(bars);

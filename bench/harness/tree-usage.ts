import { readdir, readFile } from 'node:fs/promises';
import type { Usage } from './processes.ts';

/** What a process and all that it started have used so far. What has ended counts no more. */
export async function treeUsage(pid: number): Promise<Usage> {
  const children = new Map<number, number[]>();
  const cpu = new Map<number, number>();
  const memory = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null) : null;
    if (stat === null) continue;
    // After the name, which may hold anything: state, parent, …; 100 clock ticks are a second, a page is 4 KiB.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [id, parent = 0] = [Number(name), fields[1]];
    children.set(parent, [...(children.get(parent) ?? []), id]);
    cpu.set(id, ((fields[11] ?? 0) + (fields[12] ?? 0)) / 100);
    memory.set(id, (fields[21] ?? 0) / 256);
  }
  const tree = [pid];
  for (const id of tree) tree.push(...(children.get(id) ?? []));
  const sum = (values: ReadonlyMap<number, number>): number =>
    tree.reduce((all, id) => all + (values.get(id) ?? 0), 0);
  return { cpuSeconds: sum(cpu), threads: {}, residentMiB: Math.round(sum(memory)) };
}

/** CPU seconds of the children of a process, and of theirs, that have ended. */
export async function endedSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

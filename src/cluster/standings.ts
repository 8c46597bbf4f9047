import type { Asking, Question } from './asking.ts';
import type { Cluster } from './cluster.ts';

/** Longer than any process takes that is well. */
const withinMs = 1_500;

/**
 * What each process says of how it stands.
 *
 * @param own what this one says; JSON
 * @param asking `null`: there are no others
 * @param name what all of them call this question; one that does not know it has not answered
 * @returns asks all; who does not answer at once is not among them
 */
export function createStandings<Standing>(
  cluster: Pick<Cluster, 'id' | 'processes'>,
  own: () => Standing,
  asking: Pick<Asking, 'answer' | 'ask'> | null,
  name = 'standing',
): () => Promise<ReadonlyMap<string, Standing>> {
  const question: Question<null, Standing> = { name };
  asking?.answer(question, own);

  return async () => {
    const others = cluster.processes.filter(({ id }) => id !== cluster.id);
    const answers = await Promise.all(
      others.map(async ({ id }): Promise<[string, Standing][]> => {
        const answer = await asking?.ask(id, question, null, { withinMs }).catch(() => null);
        return answer ? [[id, answer]] : [];
      }),
    );
    return new Map([[cluster.id, own()], ...answers.flat()]);
  };
}

/** Stands in an event for a value that is not read because of its size or depth; under the name `''` for fields. */
export class Unread {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

/** What is wrong at one place of the form. */
export interface Problem {
  readonly message: string;
  /** Nothing is there yet; such a problem is not held against somebody who has not come to the field. */
  readonly missing: boolean;
}

/** By the API's path, such as `customHeaders[0].name`. */
export type Problems = Readonly<Record<string, Problem>>;

/** Takes note of a problem; the first at a place stays. */
export type Note = (path: string, message: string, missing?: boolean) => void;

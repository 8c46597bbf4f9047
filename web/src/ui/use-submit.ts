import type { UseFormReturnType } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '../api/problem.ts';
import { plainWords } from './field-words.ts';

export interface Submit<Values> {
  readonly onSubmit: ReturnType<UseFormReturnType<Values>['onSubmit']>;
  readonly busy: boolean;
  /** What stands at no field: shown above the button. */
  readonly problem: unknown;
}

/**
 * Sends a form. What the gateway finds wrong with a field is said at that field, which gets the focus; the rest is left
 * as `problem`.
 */
export function useSubmit<Values extends object, Answer>(
  form: UseFormReturnType<Values>,
  send: (values: Values) => Promise<Answer>,
  onDone: (answer: Answer) => unknown,
): Submit<Values> {
  function focus(paths: readonly string[]) {
    const [first] = paths;
    if (first !== undefined)
      document.querySelector<HTMLElement>(`[data-path="${CSS.escape(first)}"]`)?.focus();
  }

  const { mutate, isPending, error } = useMutation({
    mutationFn: (values: Values) => send(values),
    onSuccess: (answer) => onDone(answer),
    onError: (failure) => {
      const errors = errorsAtFields(failure, Object.keys(form.getValues()));
      form.setErrors(errors);
      focus(Object.keys(errors));
    },
  });
  const known = Object.keys(form.getValues());
  return {
    onSubmit: form.onSubmit(
      (values) => mutate(values as Values),
      (errors) => focus(Object.keys(errors)),
    ),
    busy: isPending,
    problem: error !== null && standsAtFields(error, known) ? null : error,
  };
}

/** What the gateway says is wrong, by the fields that the form has. */
export function errorsAtFields(error: unknown, fields: readonly string[]): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const at: Record<string, string> = {};
  for (const { path, message } of error.problem.errors ?? []) {
    const field = path.split(/[.[]/, 1)[0] ?? '';
    if (fields.includes(field) && !(field in at)) at[field] = sentence(plainWords(message));
  }
  return at;
}

/** Whether all that is wrong stands at a field already. */
function standsAtFields(error: unknown, fields: readonly string[]): boolean {
  const all = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return all.length > 0 && all.every((one) => fields.includes(one.path.split(/[.[]/, 1)[0] ?? ''));
}

/** "must be …" as it stands at a field: "Must be …". */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

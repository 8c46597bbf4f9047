import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import {
  type Trial,
  type TrialAnswer,
  testUnsavedWebhook,
  type WebhookInput,
} from '../../api/webhook-form.ts';
import { errorsByPath } from './server-errors.ts';
import type { WebhookForm } from './use-webhook-form.ts';

export type Send = (input: WebhookInput) => Promise<unknown>;

export interface ActionsOptions {
  readonly trialOf: () => Trial;
  readonly onSave: Send;
  /** The form cannot be sent, or was refused: where it is wrong. */
  readonly onWrong: (paths: readonly string[]) => void;
}

export interface Actions {
  readonly answer: TrialAnswer | null;
  /** The answer is of what was in the form before somebody changed it. */
  readonly isOldAnswer: boolean;
  readonly isTesting: boolean;
  readonly isSaving: boolean;
  /** What failed and stands at no field. */
  readonly failure: unknown;
  /** Why nothing was sent. */
  readonly note: string;
  test(): void;
  save(): void;
  /** Saves in another way than the usual one. */
  saveBy(send: Send): void;
  isSaved(): boolean;
}

/** Test and save: both only with a form that is complete, both put what the gateway refuses at its field. */
export function useActions(form: WebhookForm, { trialOf, onSave, onWrong }: ActionsOptions): Actions {
  const saved = useRef(false);

  function refuse(error: unknown) {
    const errors = errorsByPath(error);
    form.setRefused(errors);
    if (Object.keys(errors).length > 0) onWrong(Object.keys(errors));
  }

  const test = useMutation({ mutationFn: testUnsavedWebhook, onError: refuse });
  const save = useMutation({
    mutationFn: async (send: Send) => {
      saved.current = true;
      await send(trialOf().input);
    },
    onError(error) {
      saved.current = false;
      refuse(error);
    },
  });

  function whenRight(act: () => void) {
    form.showAll();
    const wrong = Object.keys(form.problems);
    if (wrong.length > 0) onWrong(wrong);
    else act();
  }

  const count = Object.keys(form.problems).length || Object.keys(form.refused).length;
  const isHeld = form.allShown && count > 0;
  const failure = [save.error, test.error].find((error) => error !== null && !standsAtFields(error)) ?? null;
  return {
    answer: test.data ?? null,
    isOldAnswer: test.data !== undefined && JSON.stringify(test.variables) !== JSON.stringify(trialOf()),
    isTesting: test.isPending,
    isSaving: save.isPending,
    failure,
    note: isHeld ? `${count === 1 ? 'One field needs' : `${count} fields need`} to be corrected first.` : '',
    test: () => whenRight(() => test.mutate(trialOf())),
    save: () => whenRight(() => save.mutate(onSave)),
    saveBy: (send) => whenRight(() => save.mutate(send)),
    isSaved: () => saved.current,
  };
}

function standsAtFields(error: unknown): boolean {
  const paths = Object.keys(errorsByPath(error));
  return paths.length > 0 && paths.every((path) => path !== '' && path !== 'accountId');
}

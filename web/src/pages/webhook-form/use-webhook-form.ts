import { useEffect, useMemo, useRef, useState } from 'react';
import type { Catalog } from '../../api/catalog.ts';
import type { NameAndValue } from '../../api/webhook-form.ts';
import { type Choice, choiceOf, type Draft } from './draft.ts';
import type { Problems } from './problems.ts';
import { problemsOf } from './rules.ts';
import { isUnder } from './server-errors.ts';
import type { SettingsDraft } from './settings-draft.ts';

/** What the parts of the form share. Paths are the API's. */
export interface WebhookForm {
  readonly catalog: Catalog;
  readonly draft: Draft;
  readonly choice: Choice;
  /** All that is wrong, shown or not. */
  readonly problems: Problems;
  readonly savedHeaders: readonly NameAndValue[];
  /** Settings that another page has proposed. */
  readonly proposed: Partial<SettingsDraft>;
  /** Whether anything differs from what the form began with. */
  readonly changed: boolean;
  /** @param path what of it somebody writes in */
  set(change: Partial<Draft>, path: string): void;
  setSettings(change: Partial<SettingsDraft>, path: string): void;
  /** Somebody has gone on to another field. */
  leave(path: string): void;
  /** What is to be said at a field; `undefined`: nothing, or not yet. */
  errorAt(path: string): string | undefined;
  /** The same for a field that shows errors of what is inside it too. */
  errorIn(path: string): string | undefined;
  /** What the gateway does not take of the sample event, by its fields. */
  readonly eventErrors: Readonly<Record<string, string>>;
  /** From now on nothing is held back. */
  showAll(): void;
  readonly allShown: boolean;
  readonly refused: Readonly<Record<string, string>>;
  /** What the gateway found; each is kept until its field changes. */
  setRefused(errors: Readonly<Record<string, string>>): void;
  setPreviewErrors(errors: Readonly<Record<string, string>>): void;
}

const none: Readonly<Record<string, string>> = {};
const nothing: Partial<SettingsDraft> = {};
/** How long somebody may pause in a word before it is called wrong. */
const pauseMs = 600;
/** Not at once: what moves down for an error would slip from under the pointer that is about to click it. */
const leaveMs = 200;

/**
 * The state of the form. An error stands at its field as one types, but neither in the middle of a word nor, where
 * something is only missing, before somebody has been at the field or wants to save.
 */
export function useWebhookForm(
  initial: Draft,
  catalog: Catalog,
  savedHeaders: readonly NameAndValue[],
  proposed: Partial<SettingsDraft> = nothing,
): WebhookForm {
  const [began] = useState(initial);
  const [draft, setDraft] = useState({ ...initial, settings: { ...initial.settings, ...proposed } });
  const [typing, setTyping] = useState<string | null>(null);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [refused, setRefused] = useState(none);
  const [previewErrors, setPreviewErrors] = useState(none);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);

  const problems = useMemo(
    () => problemsOf(draft, { catalog, savedHeaders }),
    [draft, catalog, savedHeaders],
  );
  const changed = useMemo(() => JSON.stringify(draft) !== JSON.stringify(began), [draft, began]);

  function set(change: Partial<Draft>, path: string) {
    setDraft((before) => ({ ...before, ...change }));
    setTyping(path);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => setTyping(null), pauseMs);
    const changesAll = path === 'product' || path === 'reportType' || path === 'method';
    setRefused((before) => (changesAll ? none : without(before, path)));
  }

  function shown(path: string): string | undefined {
    const problem = problems[path];
    if (problem) {
      const early = problem.missing ? !all && !left.has(path) : path === typing;
      return early ? undefined : problem.message;
    }
    return refused[path] ?? (path === typing ? undefined : previewErrors[path]);
  }

  return {
    catalog,
    draft,
    choice: choiceOf(draft, catalog),
    problems,
    savedHeaders,
    proposed,
    changed,
    set,
    setSettings: (change, path) => set({ settings: { ...draft.settings, ...change } }, path),
    leave(path) {
      clearTimeout(pause.current);
      pause.current = setTimeout(() => {
        setTyping(null);
        setLeft((before) => (before.has(path) ? before : new Set([...before, path])));
      }, leaveMs);
    },
    errorAt: shown,
    errorIn(path) {
      const known = [problems, refused, previewErrors].flatMap(Object.keys);
      const inside = known.find((each) => isUnder(each, path) && shown(each) !== undefined);
      return inside === undefined || path === typing ? undefined : shown(inside);
    },
    eventErrors: underEvent(previewErrors),
    showAll() {
      clearTimeout(pause.current);
      setTyping(null);
      setAll(true);
    },
    allShown: all,
    refused,
    setRefused,
    setPreviewErrors,
  };
}

function without(errors: Readonly<Record<string, string>>, path: string): Readonly<Record<string, string>> {
  const kept = Object.entries(errors).filter(([each]) => !isUnder(each, path));
  return kept.length === Object.keys(errors).length ? errors : Object.fromEntries(kept);
}

function underEvent(errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const found = Object.entries(errors).filter(([path]) => isUnder(path, 'event'));
  return Object.fromEntries(
    found.map(([path, message]) => [path.replace(/^event\.?/, '') || 'event', message]),
  );
}

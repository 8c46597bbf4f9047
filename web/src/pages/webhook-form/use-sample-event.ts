import { useState } from 'react';
import { eventText, readEvent } from './sample-event.ts';
import type { WebhookForm } from './use-webhook-form.ts';

/** The event that preview and test are made with. */
export interface SampleEvent {
  readonly name: string;
  readonly text: string;
  readonly edited: boolean;
  /** JSON; `null`: the text cannot be read. */
  readonly event: string | null;
  readonly problem: string | undefined;
  /** What the gateway does not take of it, by the event's fields. */
  readonly refused: Readonly<Record<string, string>>;
  choose(name: string): void;
  write(text: string): void;
}

/** A sample of the chosen report type, or what somebody wrote; of another type nothing is kept but the name. */
export function useSampleEvent(form: WebhookForm): SampleEvent {
  const { product, reportType } = form.choice;
  const subject = `${product.id} ${reportType.id}`;
  const [chosen, setChosen] = useState('');
  const [written, setWritten] = useState<{ readonly subject: string; readonly text: string } | null>(null);
  const known = reportType.samples.find((each) => each.name === chosen) ?? reportType.samples[0];
  const name = known?.name ?? '';
  const number = product.hasNumber ? form.draft.productUniqueId : null;
  const edited = written !== null && written.subject === subject;
  const text = edited ? written.text : eventText(reportType, name, number);
  const read = readEvent(text);
  const errors = Object.entries(form.eventErrors);
  return {
    name,
    text,
    edited,
    event: 'event' in read ? read.event : null,
    problem: 'problem' in read ? read.problem : undefined,
    refused: 'problem' in read ? {} : Object.fromEntries(errors),
    choose(next) {
      setChosen(next);
      setWritten(null);
    },
    write: (next) => setWritten({ subject, text: next }),
  };
}

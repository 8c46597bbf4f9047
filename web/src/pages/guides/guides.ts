import type { ComponentType } from 'react';
import { ApiGuide } from './api-guide.tsx';
import { ErrorsGuide } from './errors-guide.tsx';
import { FormatsGuide } from './formats-guide.tsx';
import type { GuideProps } from './guide-props.ts';
import { ReceiveGuide } from './receive-guide.tsx';
import { RetriesGuide } from './retries-guide.tsx';
import { StartGuide } from './start-guide.tsx';

export interface Guide {
  /** In the address. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly Body: ComponentType<GuideProps>;
}

/** In the order in which one needs them. */
export const guides: readonly [Guide, ...Guide[]] = [
  {
    id: 'start',
    title: 'Getting started',
    about: 'From nothing to the first report at your endpoint.',
    Body: StartGuide,
  },
  {
    id: 'receive',
    title: 'Receive and verify',
    about: 'What an endpoint should answer, and how it knows that a request is from here.',
    Body: ReceiveGuide,
  },
  {
    id: 'formats',
    title: 'Events and their formats',
    about: 'What every kind of report looks like, by each method, with samples.',
    Body: FormatsGuide,
  },
  {
    id: 'retries',
    title: 'Retries and order',
    about: 'What happens when an endpoint fails, and in which order reports come.',
    Body: RetriesGuide,
  },
  {
    id: 'errors',
    title: 'Errors and what to do',
    about: 'Every reason for which a delivery can fail.',
    Body: ErrorsGuide,
  },
  {
    id: 'api',
    title: 'Quick start with the API',
    about: 'The same by programs: keys, webhooks, events, deliveries.',
    Body: ApiGuide,
  },
];

import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './prose.module.css';

/** Running text at a width that is read well. */
export function Prose({ children }: { readonly children: ReactNode }) {
  return <div className={classes.prose}>{children}</div>;
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </section>
  );
}

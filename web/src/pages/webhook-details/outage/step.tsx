import { Collapse, UnstyledButton } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import classes from './outage.module.css';

export interface StepProps {
  readonly title: string;
  /** Whether it is open before somebody touches it. */
  readonly open: boolean;
  readonly children: ReactNode;
}

/** One step of the way out: opens to what there is to do. */
export function Step({ title, open, children }: StepProps) {
  const [touched, setTouched] = useState<boolean | null>(null);
  const opened = touched ?? open;
  const id = useId();
  return (
    <li className={classes.step}>
      <UnstyledButton
        className={classes.head ?? ''}
        aria-expanded={opened}
        aria-controls={id}
        onClick={() => setTouched(!opened)}
      >
        {title}
      </UnstyledButton>
      <div id={id}>
        <Collapse expanded={opened}>
          <div className={classes.body}>{children}</div>
        </Collapse>
      </div>
    </li>
  );
}

import type { ReactNode } from 'react';
import { Exact } from './exact.tsx';
import classes from './facts.module.css';

/** What stands for digits that are not shown. */
const hidden = '•';

/** Names and values, one below the other. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

/** One of them; nothing where there is no value. */
export function Fact({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  if (children === null || children === undefined || children === false || children === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** One that is an id or a number: exact, to be copied, unless a part of it is hidden or gone. */
export function ExactFact({ name, text }: { readonly name: string; readonly text: string | null }) {
  if (text === null || text === '') return null;
  return (
    <Fact name={name}>
      {text.startsWith(hidden) ? (
        <span className="exact">{text}</span>
      ) : (
        <Exact text={text} what={name.toLowerCase()} />
      )}
    </Fact>
  );
}

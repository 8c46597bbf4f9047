import type { ReactNode } from 'react';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { type Act, useMay } from './may.ts';

export interface RequiredProps {
  readonly act: Act;
  /** Of the page. */
  readonly title: string;
  readonly children: ReactNode;
}

/** A page for those who may; to others it says who does. The gateway answers them nothing either. */
export function Required({ act, title, children }: RequiredProps) {
  if (useMay(act)) return children;
  return (
    <>
      <PageHeader title={title} />
      <EmptyState title="Not with your role">
        {act === 'admin'
          ? 'This page is for the owners of the account. Ask one of them.'
          : 'Ask an owner of the account for another role.'}
      </EmptyState>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { isUnderWay, taskQuery } from '../../api/tasks.ts';

/** Calls back when a task that was under way has ended. */
export function useTaskEnd(taskId: string | null, onEnd: () => void): void {
  const { data: task } = useQuery({ ...taskQuery(taskId ?? ''), enabled: taskId !== null });
  const wasUnderWay = useRef(false);
  const ended = useEffectEvent(onEnd);
  const underWay = task !== undefined && isUnderWay(task);
  useEffect(() => {
    if (wasUnderWay.current && !underWay) ended();
    wasUnderWay.current = underWay;
  }, [underWay]);
}

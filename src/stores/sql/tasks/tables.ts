import type { AuditActorKind } from '../../ports/audit.ts';
import type { ErasureKind, ErasureState, WaitingChoice } from '../../ports/erasures.ts';
import type { TaskKind, TaskState } from '../../ports/tasks.ts';

export interface TaskTables {
  tasks: {
    account_id: string;
    id: string;
    kind: TaskKind;
    filter: string;
    states: string;
    state: TaskState;
    reason: string | null;
    total: number | null;
    done: number;
    failed: number;
    skipped: number;
    progress: string | null;
    created_at: number;
    finished_at: number | null;
  };
  erasures: {
    id: string;
    kind: ErasureKind;
    account_id: string | null;
    deleted_account_id: string | null;
    waiting: WaitingChoice;
    actor_kind: AuditActorKind;
    actor_id: string;
    actor_name: string;
    state: ErasureState;
    place: string | null;
    created_at: number;
    finished_at: number | null;
  };
  /** One row: `id` is 1. */
  trusted_time: { id: number; at: number; ahead_ms: number | null; doubted_ms: number | null };
}

import type { BehaviourCase } from './behaviour.ts';
import { OFFSET_COMMIT_CASES } from './cases/08-offset-commit.ts';
import { OFFSET_FETCH_CASES } from './cases/09-offset-fetch.ts';
import { FIND_COORDINATOR_CASES } from './cases/10-find-coordinator.ts';
import { JOIN_GROUP_CASES } from './cases/11-join-group.ts';
import { HEARTBEAT_CASES } from './cases/12-heartbeat.ts';
import { LEAVE_GROUP_CASES } from './cases/13-leave-group.ts';
import { SYNC_GROUP_CASES } from './cases/14-sync-group.ts';
import { DESCRIBE_GROUPS_CASES } from './cases/15-describe-groups.ts';
import { LIST_GROUPS_CASES } from './cases/16-list-groups.ts';
import { DELETE_GROUPS_CASES } from './cases/42-delete-groups.ts';
import { OFFSET_DELETE_CASES } from './cases/47-offset-delete.ts';
import { DESCRIBE_CLUSTER_CASES } from './cases/60-describe-cluster.ts';

/** Every case; their order is that of the APIs' keys. */
export const BEHAVIOUR_CASES: readonly BehaviourCase[] = [
  ...OFFSET_COMMIT_CASES,
  ...OFFSET_FETCH_CASES,
  ...FIND_COORDINATOR_CASES,
  ...JOIN_GROUP_CASES,
  ...HEARTBEAT_CASES,
  ...LEAVE_GROUP_CASES,
  ...SYNC_GROUP_CASES,
  ...DESCRIBE_GROUPS_CASES,
  ...LIST_GROUPS_CASES,
  ...DELETE_GROUPS_CASES,
  ...OFFSET_DELETE_CASES,
  ...DESCRIBE_CLUSTER_CASES,
];

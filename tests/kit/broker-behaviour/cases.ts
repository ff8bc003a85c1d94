import type { BehaviourCase } from './behaviour.ts';
import { JOIN_GROUP_CASES } from './cases/11-join-group.ts';
import { HEARTBEAT_CASES } from './cases/12-heartbeat.ts';
import { LEAVE_GROUP_CASES } from './cases/13-leave-group.ts';
import { SYNC_GROUP_CASES } from './cases/14-sync-group.ts';
import { DESCRIBE_CLUSTER_CASES } from './cases/60-describe-cluster.ts';

/** Every case; their order is that of the APIs' keys. */
export const BEHAVIOUR_CASES: readonly BehaviourCase[] = [
  ...JOIN_GROUP_CASES,
  ...HEARTBEAT_CASES,
  ...LEAVE_GROUP_CASES,
  ...SYNC_GROUP_CASES,
  ...DESCRIBE_CLUSTER_CASES,
];

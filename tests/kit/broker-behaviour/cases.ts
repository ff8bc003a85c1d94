import type { BehaviourCase } from './behaviour.ts';
import { DESCRIBE_CLUSTER_CASES } from './cases/60-describe-cluster.ts';

/** Every case; their order is that of the APIs' keys. */
export const BEHAVIOUR_CASES: readonly BehaviourCase[] = [...DESCRIBE_CLUSTER_CASES];

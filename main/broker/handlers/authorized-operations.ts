/**
 * What an asker may do, as bits of `AclOperation` codes (KIP-430): everything that there is to be done, as nothing is
 * forbidden to anybody here. Java: `AclEntry.supportedOperations`.
 */
const bits = (...codes: number[]) => codes.reduce((sum, code) => sum | (1 << code), 0);

const [READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, CLUSTER_ACTION] = [3, 4, 5, 6, 7, 8, 9] as const;
const [DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE] = [10, 11, 12] as const;

export const TOPIC_OPERATIONS = bits(READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);
export const CLUSTER_OPERATIONS = bits(
  ...[CREATE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE],
);
/** Nobody asked: int32's least value. */
export const NOT_ASKED = -0x8000_0000;

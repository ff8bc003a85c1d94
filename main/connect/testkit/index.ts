/** `@runnel-app/runnel/connect/test`: what the author of a plugin needs to test it without a broker. */
export { checkPlugin } from './check-plugin.ts';
export { ContractViolation } from './contract-violation.ts';
export { MockTime } from './mock-time.ts';
export { checkRecord, checkSourceRecord, sinkRecord, sourceRecord } from './records.ts';
export { applyTransformation, convertBothWays, type RoundTrip, type RoundTripInput } from './round-trip.ts';
export { SinkTaskDriver } from './sink-task-driver.ts';
export { SourceTaskDriver } from './source-task-driver.ts';
export { testLogger } from './test-logger.ts';

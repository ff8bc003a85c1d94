// The clock that authors of plugins get with the test kit is the one of our own tests.
export { MockTime } from '../../main/connect/testkit/mock-time.ts';

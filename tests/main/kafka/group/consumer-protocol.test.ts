import { expect, test } from 'vitest';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../../../main/kafka/group/consumer-protocol.ts';

test('subscriptions and assignments come back as they were', () => {
  expect(decodeSubscription(encodeSubscription(['b', 'a'], [])).topics).toEqual(['a', 'b']);
  const assigned = [
    { topic: 'a', partition: 0 },
    { topic: 'a', partition: 2 },
    { topic: 'b', partition: 1 },
  ];
  expect(decodeAssignment(encodeAssignment(assigned))).toEqual(assigned);
  expect(decodeAssignment(Buffer.alloc(0))).toEqual([]);
});

test('a subscription of a version of the future is read as far as it is known', () => {
  const future = Buffer.concat([
    Buffer.from('00630000000100016100000000', 'hex'),
    Buffer.from('00000000ffffffffffff77777777', 'hex'),
  ]);
  expect(decodeSubscription(future).topics).toEqual(['a']);
});

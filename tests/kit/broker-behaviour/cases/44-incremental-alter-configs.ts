import { Errors, incrementalAlterConfigs } from '../../../../main/protocol/messages/index.ts';
import { casesOf, differing, WORDS } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { APPEND, BROKER, change, DELETE, inForce, SET, SUBTRACT, settings, TOPIC } from '../requests.ts';

type Changes = Parameters<typeof change>[2];

/** Of a topic that has some settings already; what is there afterwards, once `then` is. */
const changing =
  (changes: Changes, then?: readonly [name: string, value: string], configs: Record<string, string> = {}) =>
  async (broker: PlayedBroker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'retention.ms': '1000', ...configs });
    const answer = await change(broker, topic, changes);
    if (!then) return answer;
    await inForce(broker, topic, ...then);
    return {
      answer,
      now: await settings(
        broker,
        TOPIC,
        topic,
        changes.map(([name]) => name),
      ),
    };
  };

export const INCREMENTAL_ALTER_CONFIGS_CASES = casesOf('IncrementalAlterConfigs', {
  'a setting is set': changing([['segment.ms', SET, '5000']], ['segment.ms', '5000']),
  'a setting is set anew': changing([['retention.ms', SET, '5000']], ['retention.ms', '5000']),
  'a setting is removed': changing([['retention.ms', DELETE, null]], ['retention.ms', '720000000']),
  'a setting that was not set is removed': changing([['segment.ms', DELETE, null]]),
  'a setting is removed whatever value stands beside': changing(
    [['retention.ms', DELETE, 'x']],
    ['retention.ms', '720000000'],
  ),
  'several at once': changing(
    [
      ['retention.ms', DELETE, null],
      ['segment.ms', SET, '7000'],
    ],
    ['segment.ms', '7000'],
  ),
  nothing: changing([]),
  'a list is appended to': changing([['cleanup.policy', APPEND, 'compact']], ['cleanup.policy', 'delete,compact']),
  'what is in a list is appended to it': changing(
    [
      ['cleanup.policy', APPEND, 'delete'],
      ['segment.ms', SET, '7000'],
    ],
    ['segment.ms', '7000'],
  ),
  'something is subtracted from a list': changing(
    [['cleanup.policy', SUBTRACT, 'delete']],
    ['cleanup.policy', 'compact'],
    { 'cleanup.policy': 'delete,compact' },
  ),
  'everything is subtracted from a list': changing([['cleanup.policy', SUBTRACT, 'delete']], ['cleanup.policy', '']),
  'what is not in a list is subtracted from it': changing(
    [
      ['cleanup.policy', SUBTRACT, 'compact'],
      ['segment.ms', SET, '7000'],
    ],
    ['segment.ms', '7000'],
  ),
  'two items are appended': changing(
    [['cleanup.policy', APPEND, 'compact,delete']],
    ['cleanup.policy', 'delete,compact'],
  ),
  'an item that can’t be is appended': changing([['cleanup.policy', APPEND, 'remove']]),
  'what is no list is appended to': changing([['retention.ms', APPEND, '5']]),
  'something is subtracted from what is no list': changing([['retention.ms', SUBTRACT, '5']]),
  'a null is set': changing([['retention.ms', SET, null]]),
  'a null is appended': changing([['cleanup.policy', APPEND, null]]),
  'an operation that nobody has': differing(
    async (broker) => {
      await broker.topic(broker.named('t'));
      return change(broker, broker.named('t'), [['retention.ms', 9, '1']]);
    },
    {
      sandbox: (kafka) => ({ ...kafka, errorCode: Errors.INVALID_REQUEST, errorMessage: WORDS }),
      why: 'An operation that nobody has is INVALID_REQUEST, as of brokers; Kafka’s answer is UNKNOWN_SERVER_ERROR.',
    },
  ),
  'a value that can’t be': changing([['retention.ms', SET, 'soon']]),
  'a value out of range': changing([['segment.ms', SET, '0']]),
  'a value that is no choice': changing([['compression.type', SET, 'brotli']]),
  'an empty value': changing([['retention.ms', SET, '']]),
  'a value with white space around': changing([['retention.ms', SET, ' 2000 ']], ['retention.ms', '2000']),
  'a setting that nobody has': changing([['no.such', SET, '1']]),
  'a setting that nobody has is removed': changing([['no.such', DELETE, null]]),
  'a setting that nobody has is appended to': changing([['no.such', APPEND, '1']]),
  'a setting named like a part of every object': changing([['constructor', SET, '1']]),
  'a setting twice': changing([
    ['retention.ms', SET, '1'],
    ['retention.ms', SET, '2'],
  ]),
  'a good change and a bad one are both refused': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    const answer = await change(broker, topic, [
      ['segment.ms', SET, '7000'],
      ['retention.ms', SET, 'x'],
    ]);
    return { answer, now: await settings(broker, TOPIC, topic, ['segment.ms', 'retention.ms']) };
  },
  'only to be checked': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic);
    const answer = await change(broker, topic, [['segment.ms', SET, '7000']], { validateOnly: true });
    return { answer, now: await settings(broker, TOPIC, topic, ['segment.ms']) };
  },
  'only to be checked, and can’t be': async (broker) => {
    await broker.topic(broker.named('t'));
    return change(broker, broker.named('t'), [['segment.ms', SET, 'x']], { validateOnly: true });
  },
  'of a topic that is not there': (broker) => change(broker, broker.named('none'), [['retention.ms', SET, '1']]),
  'of a topic without a name': (broker) => change(broker, '', [['retention.ms', SET, '1']]),
  'of a topic whose name can’t be': (broker) => change(broker, 'a/b', [['retention.ms', SET, '1']]),
  'of a resource of no type': (broker) => change(broker, 'x', [], { resourceType: 0 }),
  'of a resource of a type that nobody has': (broker) => change(broker, 'x', [], { resourceType: 3 }),
  'of another broker': (broker) => change(broker, '7', [], { resourceType: BROKER }),
  'of a broker whose id is no number': (broker) => change(broker, 'one', [], { resourceType: BROKER }),
  'of the broker, by a setting that is given at its start': (broker) =>
    change(broker, '1', [['node.id', SET, '5']], { resourceType: BROKER, validateOnly: true }),
  'a resource twice': async (broker) => {
    await broker.topic(broker.named('t'));
    const resource = (value: string) => ({
      resourceType: TOPIC,
      resourceName: broker.named('t'),
      configs: [{ name: 'retention.ms', configOperation: SET, value }],
    });
    return broker.ask(incrementalAlterConfigs, 1, { resources: [resource('1'), resource('2')], validateOnly: false });
  },
  'several resources have an answer each': async (broker) => {
    await broker.topic(broker.named('a'));
    const { responses } = await broker.ask(incrementalAlterConfigs, 1, {
      resources: ['a', 'b'].map((stem) => ({
        resourceType: TOPIC,
        resourceName: broker.named(stem),
        configs: [{ name: 'retention.ms', configOperation: SET, value: '5' }],
      })),
      validateOnly: false,
    });
    return responses.sort((a, b) => (a.resourceName < b.resourceName ? -1 : 1));
  },
});

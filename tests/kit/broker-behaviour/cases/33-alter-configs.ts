import { alterConfigs } from '../../../../main/protocol/messages/index.ts';
import { casesOf } from '../behaviour.ts';
import type { PlayedBroker } from '../played-broker.ts';
import { BROKER, inForce, replace, settings, TOPIC } from '../requests.ts';

const replacing =
  (values: Record<string, string | null>, validateOnly = false) =>
  async (broker: PlayedBroker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'retention.ms': '1000' });
    return replace(broker, topic, values, { validateOnly });
  };

export const ALTER_CONFIGS_CASES = casesOf('AlterConfigs', {
  'all settings are replaced': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'retention.ms': '1000', 'segment.ms': '2000' });
    const answer = await replace(broker, topic, { 'segment.ms': '3000' });
    await inForce(broker, topic, 'segment.ms', '3000');
    return { answer, now: await settings(broker, TOPIC, topic, ['retention.ms', 'segment.ms']) };
  },
  'by nothing': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'retention.ms': '1000' });
    const answer = await replace(broker, topic, {});
    return { answer, now: await inForce(broker, topic, 'retention.ms', '720000000') };
  },
  'only to be checked': async (broker) => {
    const topic = broker.named('t');
    await broker.topic(topic, 1, { 'retention.ms': '1000' });
    const answer = await replace(broker, topic, { 'segment.ms': '3000' }, { validateOnly: true });
    return { answer, now: await settings(broker, TOPIC, topic, ['retention.ms', 'segment.ms']) };
  },
  'a value that can’t be': replacing({ 'retention.ms': 'soon' }),
  'a value that can’t be, only to be checked': replacing({ 'retention.ms': 'soon' }, true),
  'a setting that nobody has': replacing({ 'no.such': 'x' }),
  'a null': replacing({ 'retention.ms': null }),
  'of a topic that is not there': (broker) => replace(broker, broker.named('none'), { 'retention.ms': '1' }),
  'of a topic without a name': (broker) => replace(broker, '', { 'retention.ms': '1' }),
  'of a topic whose name can’t be': (broker) => replace(broker, 'a/b', { 'retention.ms': '1' }),
  'of a resource of no type': (broker) => replace(broker, 'x', {}, { resourceType: 0 }),
  'of a resource of a type that nobody has': (broker) => replace(broker, 'x', {}, { resourceType: 3 }),
  'of another broker': (broker) => replace(broker, '7', {}, { resourceType: BROKER }),
  'of a broker whose id is no number': (broker) => replace(broker, 'one', {}, { resourceType: BROKER }),
  'of the broker, by a setting that is given at its start': (broker) =>
    replace(broker, '1', { 'node.id': '5' }, { resourceType: BROKER, validateOnly: true }),
  'a setting twice': async (broker) => {
    await broker.topic(broker.named('t'));
    return broker.ask(alterConfigs, 2, {
      resources: [
        {
          resourceType: TOPIC,
          resourceName: broker.named('t'),
          configs: [
            { name: 'retention.ms', value: '1' },
            { name: 'retention.ms', value: '2' },
          ],
        },
      ],
      validateOnly: false,
    });
  },
});

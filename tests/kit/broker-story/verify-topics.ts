import assert from 'node:assert/strict';
import { describeConfigs } from '../../../main/protocol/messages/index.ts';
import type { Requests } from '../in-process-broker.ts';
import { CHANGED_SETTINGS, FIRST_PARTITIONS } from './events.ts';
import { type Knowledge, said } from './knowledge.ts';

const TOPIC = 2;
/** Java: `DescribeConfigsResponse.ConfigSource.TOPIC_CONFIG`. */
const OF_THE_TOPIC = 1;

/** Topics are there or not, with their partitions and settings. Returns how many settings were looked at. */
export async function verifyTopics(
  broker: Requests,
  known: Knowledge,
  there: ReadonlyMap<string, number>,
): Promise<number> {
  for (const topic of known.topics()) {
    const life = known.ofTopic(topic, 'creating', 'created', 'deleting', 'deleted').at(-1)?.kind;
    const isThere = there.has(topic);
    if (life === 'created') assert.equal(isThere, true, said(`topic ${topic} was created`, isThere, true));
    if (life === 'deleted') assert.equal(isThere, false, said(`topic ${topic} was deleted`, isThere, false));
  }
  for (const [topic, partitions] of there) {
    assert.ok(known.ofTopic(topic, 'creating').length > 0, `nobody made ${topic}`);
    const counts = counted(known, topic);
    assert.ok(counts.includes(partitions), said(`partitions of ${topic}`, partitions, counts.join(' or ')));
  }
  return verifySettings(broker, known, [...there.keys()]);
}

/** What may be: what was acknowledged last, and what was asked for after it. */
function counted(known: Knowledge, topic: string): number[] {
  let counts: number[] = [FIRST_PARTITIONS];
  for (const { kind, count } of known.ofTopic(topic, 'adding partitions', 'added partitions')) {
    counts = kind === 'added partitions' ? [count] : [...counts, count];
  }
  return counts;
}

async function verifySettings(broker: Requests, known: Knowledge, topics: readonly string[]): Promise<number> {
  const { results } = await broker.request(describeConfigs, 4, {
    resources: topics.map((topic) => ({
      resourceType: TOPIC,
      resourceName: topic,
      configurationKeys: [...CHANGED_SETTINGS],
    })),
  });
  for (const { resourceName: topic, configs, errorCode } of results) {
    assert.equal(errorCode, 0, said(`settings of ${topic}`, errorCode, 0));
    for (const name of CHANGED_SETTINGS) {
      const config = configs.find((each) => each.name === name);
      const found = config?.configSource === OF_THE_TOPIC ? config.value : null;
      let possible: (string | null)[] = [null];
      for (const event of known.ofTopic(topic, 'configuring', 'configured')) {
        if (event.name !== name) continue;
        // What was asked for later may be under way when this one is answered.
        possible =
          event.kind === 'configured' ? possible.slice(possible.indexOf(event.value)) : [...possible, event.value];
      }
      assert.ok(possible.includes(found), said(`${name} of ${topic}`, found, possible.join(' or ')));
    }
  }
  return results.length * CHANGED_SETTINGS.length;
}

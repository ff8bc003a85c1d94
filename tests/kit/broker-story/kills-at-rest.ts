import type { Api, RequestInput, ResponseOf } from '../../../main/protocol/schema/api.ts';
import { InProcessBroker } from '../in-process-broker.ts';
import { Choices } from '../seeded-random.ts';
import { SimFileSystem } from '../sim-file-system.ts';
import { BrokerStory } from './story.ts';
import type { StoryBroker } from './story-clients.ts';
import { verifyAfterCrash } from './verify.ts';

const LIVES = 8;

/**
 * One story over several lives of a broker whose process is killed between what its clients do. They live on: members
 * of groups are still members, which a story that ends with its broker can't tell. Throws where a promise is broken.
 */
export async function liveThroughKills(seed: number): Promise<void> {
  const choices = new Choices(seed);
  const broker = new KilledInProcess();
  await broker.open();
  const story = new BrokerStory(broker, choices);
  await story.begin();
  for (let life = 0; life < LIVES; life++) {
    for (let step = choices.between(3, 12); step > 0; step--) await story.step();
    await broker.open();
    await story.checkMembersAfterKill();
    await story.resume();
    await verifyAfterCrash(broker, story.events);
  }
}

class KilledInProcess implements StoryBroker {
  #disk = new SimFileSystem();
  #broker: InProcessBroker | undefined;

  /** Again: the one that ran until now is gone, with what it had in memory alone. */
  async open(): Promise<void> {
    if (this.#broker) this.#disk = this.#disk.afterPowerLoss(() => 0);
    this.#broker = await InProcessBroker.open(this.#disk, this.#broker?.now());
  }

  request<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>> {
    return this.#current.request(api, version, body);
  }

  now(): number {
    return this.#current.now();
  }

  pass(ms: number): Promise<void> {
    return this.#current.pass(ms);
  }

  get #current(): InProcessBroker {
    if (!this.#broker) throw new Error('The broker was not opened');
    return this.#broker;
  }
}

import { Errors } from '../../../main/protocol/messages/index.ts';
import { TransactionalClient } from '../transactional-client.ts';
import { COMMITTED_TOPIC, paddedValue } from './events.ts';
import type { StoryClients } from './story-clients.ts';

/** By id: partitions are told in requests of their own, or by the first write (KIP-890). */
const PRODUCERS = { 't-a': 0, 't-b': 0, 't-c': 2 } as const;
const IDS = Object.keys(PRODUCERS) as (keyof typeof PRODUCERS)[];

interface Producer {
  readonly client: TransactionalClient;
  isBusy: boolean;
  isReady: boolean;
}

/** Transactional producers that write to one or two partitions, commit offsets now and then, and commit or abort. */
export class StoryTransactions {
  readonly #clients: StoryClients;
  readonly #producers = new Map<string, Producer>();
  #count = 0;

  constructor(clients: StoryClients) {
    this.#clients = clients;
    for (const id of IDS) this.#begin(id, false);
  }

  /** After a crash: what was being ended is ended first, then each begins again. */
  async resume(): Promise<void> {
    for (const id of IDS) {
      const { client } = this.#begin(id, true);
      let errorCode = await client.init();
      while (errorCode === Errors.CONCURRENT_TRANSACTIONS) {
        await this.#clients.broker.pass(20);
        errorCode = await client.init();
      }
      if (errorCode !== 0) throw new Error(`${id} can't begin again: ${errorCode}`);
    }
  }

  async act(): Promise<void> {
    const { choices, events } = this.#clients;
    const id = choices.pick(IDS);
    const producer = this.#producers.get(id)!;
    if (producer.isBusy) return;
    producer.isBusy = true;
    try {
      const { client } = producer;
      if (!producer.isReady || choices.chance(0.1)) producer.isReady = (await client.init()) === 0;
      if (!producer.isReady) return;
      const transaction = `${id}/${this.#count++}`;
      const isGood = await this.#write(client, transaction);
      const committed = isGood && choices.chance(0.7);
      events.push({ kind: 'ending', transaction, committed });
      const ended = await client.end(committed);
      if (ended === 0) events.push({ kind: 'ended', transaction, committed });
      else producer.isReady = false;
    } catch (error) {
      producer.isReady = false;
      throw error;
    } finally {
      producer.isBusy = false;
    }
  }

  #begin(id: keyof typeof PRODUCERS, isReady: boolean): Producer {
    const client = new TransactionalClient(this.#clients.broker, id);
    client.version = PRODUCERS[id];
    const producer = { client, isBusy: false, isReady };
    this.#producers.set(id, producer);
    return producer;
  }

  /** Whether all of it was answered for. */
  async #write(client: TransactionalClient, transaction: string): Promise<boolean> {
    const { choices, events } = this.#clients;
    const places = [
      { topic: 'plain-0', partition: 1 },
      { topic: 'plain-1', partition: choices.between(0, 1) },
    ].slice(0, choices.between(1, 2));
    for (const { topic, partition } of places) {
      if (client.version === 0 && (await client.add(topic, partition))[0] !== 0) return false;
      const text = this.#clients.text(transaction);
      events.push({ kind: 'sent', topic, partition, text, transaction });
      if ((await client.write(topic, partition, [paddedValue(text, choices.between(0, 400))])) !== 0) return false;
    }
    if (!choices.chance(0.4)) return true;
    const group = `g-of-${client.transactionalId}`;
    const offset = this.#clients.nextCommit(group, 0);
    if (client.version === 0 && (await client.addOffsets(group)) !== 0) return false;
    events.push({ kind: 'committing', group, partition: 0, offset, transaction });
    return (await client.commitOffset(group, COMMITTED_TOPIC, 0, offset)) === 0;
  }
}

import type { BrokerEvent, EventKind, EventOf } from './events.ts';

/** Events of topics as they are now: those of a topic of the same name that was deleted since tell nothing any more. */
export class Knowledge {
  readonly #all: BrokerEvent[] = [];
  readonly #byTopic = new Map<string, BrokerEvent[]>();
  readonly #byPartition = new Map<string, BrokerEvent[]>();

  constructor(events: readonly BrokerEvent[]) {
    const starts = new Map<string, number>();
    for (const [i, event] of events.entries()) if (event.kind === 'deleted') starts.set(event.topic, i);
    for (const [i, event] of events.entries()) {
      if ('topic' in event) {
        if (i < (starts.get(event.topic) ?? 0)) continue;
        add(this.#byTopic, event.topic, event);
        if ('partition' in event) add(this.#byPartition, `${event.topic}-${event.partition}`, event);
      }
      this.#all.push(event);
    }
  }

  /** In their order. */
  of<K extends EventKind>(...kinds: K[]): EventOf<K>[] {
    return this.#only(this.#all, kinds);
  }

  ofTopic<K extends EventKind>(topic: string, ...kinds: K[]): EventOf<K>[] {
    return this.#only(this.#byTopic.get(topic) ?? [], kinds);
  }

  ofPartition<K extends EventKind>(topic: string, partition: number, ...kinds: K[]): EventOf<K>[] {
    return this.#only(this.#byPartition.get(`${topic}-${partition}`) ?? [], kinds);
  }

  /** Every topic that was ever spoken of. */
  topics(): string[] {
    return [...this.#byTopic.keys()];
  }

  #only<K extends EventKind>(events: readonly BrokerEvent[], kinds: readonly EventKind[]): EventOf<K>[] {
    return events.filter((event): event is EventOf<K> => kinds.includes(event.kind));
  }
}

function add<K>(map: Map<K, BrokerEvent[]>, key: K, event: BrokerEvent): void {
  const events = map.get(key);
  if (events) events.push(event);
  else map.set(key, [event]);
}

/** The end of a sentence about what was found. */
export function said(what: string, found: unknown, expected: unknown): string {
  return `${what} (${found}, not ${expected})`;
}

import { Worker } from 'node:worker_threads';
import type { TopicServices } from '../../common/contract.ts';
import { ConnectException, DisconnectException } from '../../common/errors.ts';
import type { ConsumeBatch, ConsumeRequest } from '../../common/kafka/consume.ts';
import type { Logger } from '../../common/logger.ts';
import { fromMessagePort } from '../../common/port.ts';
import { type Client, client } from '../../common/rpc.ts';
import type { Time, Timer } from '../../common/time.ts';
import { type TopicsThreadData, threadContract } from './topics-thread-contract.ts';

const PING_INTERVAL_MS = 1_000;
const HUNG_AFTER_MS = 10_000;

interface Thread {
  worker: Worker;
  client: Client<typeof threadContract>;
  /** It has answered once: from then on it can hang. */
  ready: boolean;
  /** It hung and was ended for it. */
  hung: boolean;
}

/**
 * Runs the topics thread, passes the contract's calls on to it, and replaces it when it dies or hangs: a live list
 * whose filter never comes to an end fails with that reason, the others go on in a new thread.
 */
export class TopicsThreadOwner {
  readonly #entry: URL;
  readonly #data: TopicsThreadData;
  readonly #time: Time;
  readonly #logger: Logger;
  /** Each subscribes again when there is a new thread. */
  readonly #subscriptions = new Set<(thread: Thread) => void>();
  #thread: Thread;
  #streams = 0;
  #watch: Timer | undefined;
  #closed = false;

  constructor(options: { entry: URL; data: TopicsThreadData; time: Time; logger: Logger }) {
    this.#entry = options.entry;
    this.#data = options.data;
    this.#time = options.time;
    this.#logger = options.logger;
    this.#thread = this.#start();
  }

  services(): TopicServices {
    return {
      environment: (_, emit) => this.#subscribe((thread) => thread.client.environment(emit)),
      topics: (_, emit) => this.#subscribe((thread) => thread.client.topics(emit)),
      describeTopic: (args, signal) => this.#thread.client.describeTopic(args, { signal }),
      record: (args, signal) => this.#thread.client.record(args, { signal }),
      consume: (request, signal) => this.#consume(request, signal),
    };
  }

  dropConnections(): void {
    this.#thread.client.dropConnections().catch((error: unknown) => {
      if (!(error instanceof DisconnectException)) this.#logger.warn('Connections could not be dropped', error);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.cancel();
    const { worker, client: far } = this.#thread;
    await far.close().catch((error: unknown) => {
      if (!(error instanceof DisconnectException)) this.#logger.warn('The topics thread did not close cleanly', error);
    });
    await worker.terminate();
  }

  #start(): Thread {
    const worker = new Worker(this.#entry, { workerData: this.#data, name: 'topics' });
    const port = fromMessagePort({
      postMessage: (message) => worker.postMessage(message),
      addEventListener(type, listener) {
        if (type === 'message') worker.on('message', (data: unknown) => listener({ data }));
        else worker.on('exit', () => listener({}));
      },
      start() {},
      close() {},
    });
    const thread: Thread = { worker, client: client(threadContract, port), ready: false, hung: false };
    worker.on('error', (error) => this.#logger.error('The topics thread has failed', error));
    worker.on('exit', () => {
      if (this.#closed || this.#thread !== thread) return;
      this.#thread = this.#start();
      for (const subscribe of this.#subscriptions) subscribe(this.#thread);
    });
    return thread;
  }

  #subscribe(listen: (thread: Thread) => () => void): () => void {
    let unsubscribe = listen(this.#thread);
    const again = (thread: Thread) => {
      unsubscribe = listen(thread);
    };
    this.#subscriptions.add(again);
    return () => {
      this.#subscriptions.delete(again);
      unsubscribe();
    };
  }

  async *#consume(request: ConsumeRequest, signal: AbortSignal): AsyncGenerator<ConsumeBatch> {
    const thread = this.#thread;
    this.#streams++;
    this.#watchForHanging();
    try {
      yield* thread.client.consume(request, { signal, credit: 1 });
    } catch (error) {
      if (!(error instanceof DisconnectException) || !thread.hung) throw error;
      throw new ConnectException(
        `The filter did not come to an end within ${HUNG_AFTER_MS / 1_000} s and was given up`,
        {
          code: 'FILTER_HUNG',
          key: 'filter',
          hint: 'A regular expression with nested repetitions can take practically for ever: write it without them',
        },
      );
    } finally {
      this.#streams--;
    }
  }

  /** While there are streams the thread has to answer within ten seconds. */
  #watchForHanging(): void {
    if (this.#watch) return;
    const thread = this.#thread;
    const watch = this.#time.timer(HUNG_AFTER_MS, () => {
      // One that has never answered is still being loaded, on a machine that has much to do.
      if (!thread.ready) return;
      this.#logger.warn('The topics thread hangs in a filter and is replaced');
      thread.hung = true;
      void thread.worker.terminate();
    });
    const answered = (ready: boolean) => {
      thread.ready ||= ready;
      watch.cancel();
      this.#watch = undefined;
      if (this.#streams === 0 || this.#closed) return;
      this.#watch = this.#time.timer(PING_INTERVAL_MS, () => {
        this.#watch = undefined;
        this.#watchForHanging();
      });
    };
    this.#watch = watch;
    thread.client.ping().then(
      () => answered(true),
      () => answered(false),
    );
  }
}

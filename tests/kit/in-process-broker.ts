import { randomBytes } from 'node:crypto';
import type { DamagedRecords } from '../../common/kafka/storage-alarms.ts';
import type { Logger } from '../../common/logger.ts';
import { Broker } from '../../main/broker/broker.ts';
import { BrokerConfig } from '../../main/broker/config/broker-config.ts';
import type { FileSystem } from '../../main/broker/log/file-system.ts';
import type { LogConfig } from '../../main/broker/log/log-config.ts';
import type { RequestContext } from '../../main/broker/server/handler.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from '../../main/protocol/frames.ts';
import type { Api, RequestInput, ResponseOf } from '../../main/protocol/schema/api.ts';
import { MockTime } from './mock-time.ts';
import { recordingLogger } from './recording-logger.ts';

/** Kafka's least size of a segment is a megabyte: a test would have to fill it. */
class SmallSegments extends BrokerConfig {
  override logConfig(ofTopic: ReadonlyMap<string, string>): LogConfig {
    return { ...super.logConfig(ofTopic), segmentBytes: 3000, indexIntervalBytes: 300 };
  }
}

const OVERRIDES = {
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'log.cleaner.min.cleanable.ratio': '0.1',
};

/** A broker in this process without its sockets: each request and answer goes through the codec, and no further. */
export class InProcessBroker {
  readonly broker: Broker;
  readonly time: MockTime;
  readonly lines: string[];
  readonly damage: DamagedRecords[];
  readonly logger: Logger;

  private constructor(broker: Broker, time: MockTime, logger: Logger, lines: string[], damage: DamagedRecords[]) {
    this.logger = logger;
    this.broker = broker;
    this.time = time;
    this.lines = lines;
    this.damage = damage;
  }

  static async open(fileSystem: FileSystem, startMs?: number): Promise<InProcessBroker> {
    const { logger, lines } = recordingLogger();
    const time = new MockTime(startMs);
    const damage: DamagedRecords[] = [];
    fileSystem.makeDirectory('/data');
    fileSystem.syncDirectoryNow('/');
    const broker = await Broker.open({
      dataDir: '/data',
      fileSystem,
      config: new SmallSegments(OVERRIDES),
      time,
      awake: time,
      logger,
      randomBytes,
      onDamage: (each) => damage.push(each),
    });
    return new InProcessBroker(broker, time, logger, lines, damage);
  }

  async request<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>> {
    const frame = Buffer.concat(encodeRequest(api, version, 1, 'test', body)).subarray(4);
    const context: RequestContext = {
      version,
      clientId: 'test',
      clientHost: '/127.0.0.1',
      listener: { host: '127.0.0.1', port: 9092 },
      authenticator: null,
      signal: new AbortController().signal,
      answerRoom: () => Number.MAX_SAFE_INTEGER,
      releaseRequest: () => {},
    };
    const answer = await this.broker.handlers.get(api.key)!.handle(decodeRequest(frame).body as never, context);
    const encoded = Buffer.concat(encodeResponse(api, version, 1, answer as never)).subarray(4);
    return decodeResponse(api, version, encoded);
  }

  now(): number {
    return this.time.milliseconds();
  }

  pass(ms: number): Promise<void> {
    return this.time.advance(ms);
  }

  close(): Promise<void> {
    return this.broker.close();
  }
}

/** Whoever answers requests: a connection, or a broker without one. */
export interface Requests {
  request<A extends Api>(api: A, version: number, body: RequestInput<A>): Promise<ResponseOf<A>>;
}

import { readFileSync } from 'node:fs';
import type { Logger } from '../../common/logger.ts';
import type { Time } from '../../common/time.ts';
import type { ReadFile } from '../ssl/key-material.ts';
import { KafkaAdmin } from './admin.ts';
import type { ClientConfig, KafkaClients } from './api.ts';
import { parseClientConfig } from './client-config.ts';
import { parseAddresses } from './cluster/address.ts';
import { Cluster } from './cluster/cluster.ts';
import { KafkaConsumer } from './consumer.ts';
import { Fetcher } from './fetch/fetcher.ts';
import { KafkaPartitionReader } from './partition-reader.ts';
import { KafkaProducer } from './producer.ts';
import { securityOf } from './security/security.ts';
import { autoOffsetReset } from './settings/auto-offset-reset.ts';
import type { ClientOptions } from './settings/client-settings.ts';
import type { Client } from './settings/setting.ts';

/** The largest answer that a broker may give; `fetch.max.bytes` bounds the records in one besides. */
const MAX_RESPONSE_BYTES = 100 * 1024 * 1024;

const CLIENT_ID = 'runnel';

export interface KafkaClientsOptions {
  time: Time;
  logger: Logger;
  /** From 0 up to 1: for the jitter of back-offs and for where keyless records go. */
  random: () => number;
  /** How key and trust stores are read. */
  readFile?: ReadFile;
}

/** The clients, and what concerns all that are open. */
export interface OwnedKafkaClients extends KafkaClients {
  /** After sleep or a change of network: every connection is opened anew instead of being waited for. */
  dropConnections(): void;
}

type Settings = ClientOptions<'producer'> | ClientOptions<'consumer'> | ClientOptions<'admin'>;

/** Kafka clients that share a clock and a log; each has its own connections and is closed by whoever asked for it. */
export function kafkaClients({
  time,
  logger,
  random,
  readFile = readFileSync,
}: KafkaClientsOptions): OwnedKafkaClients {
  const open = new Set<Cluster>();
  /** A setting without effect is told once, not at every restart of a task. */
  const told = new Set<string>();

  function parsed<C extends Client>(client: C, config: ClientConfig): ClientOptions<C> {
    const { options, notices } = parseClientConfig(client, config);
    for (const { name, reason, isWarning } of notices) {
      if (told.has(`${client} ${name}`)) continue;
      told.add(`${client} ${name}`);
      const text = `The ${client} setting ${name} has no effect: ${reason}`;
      if (isWarning) logger.warn(text);
      else logger.info(text);
    }
    return options;
  }

  function cluster(options: Settings, patient: boolean, allowAutoTopicCreation: boolean): Cluster {
    const made: Cluster = new Cluster({
      bootstrap: parseAddresses(options['bootstrap.servers']),
      clientId: options['client.id'] || CLIENT_ID,
      setupTimeoutMs: options['socket.connection.setup.timeout.ms'],
      setupTimeoutMaxMs: options['socket.connection.setup.timeout.max.ms'],
      requestTimeoutMs: options['request.timeout.ms'],
      reconnectBackoffMs: options['reconnect.backoff.ms'],
      reconnectBackoffMaxMs: options['reconnect.backoff.max.ms'],
      retryBackoffMs: options['retry.backoff.ms'],
      retryBackoffMaxMs: options['retry.backoff.max.ms'],
      metadataMaxAgeMs: options['metadata.max.age.ms'],
      idleMs: options['connections.max.idle.ms'],
      maxResponseBytes: MAX_RESPONSE_BYTES,
      security: securityOf(options, { readFile, time, random }),
      allowAutoTopicCreation,
      patient,
      time,
      random,
      logger,
      onClose: () => open.delete(made),
    });
    open.add(made);
    return made;
  }

  function fetcher(of: Cluster, options: ClientOptions<'consumer'>): Fetcher {
    return new Fetcher({
      cluster: of,
      time,
      logger,
      minBytes: options['fetch.min.bytes'],
      maxWaitMs: options['fetch.max.wait.ms'],
      maxBytes: options['fetch.max.bytes'],
      maxPartitionBytes: options['max.partition.fetch.bytes'],
      maxPollRecords: options['max.poll.records'],
      isolationLevel: options['isolation.level'],
      checkCrcs: options['check.crcs'],
      autoOffsetReset: autoOffsetReset(options['auto.offset.reset']) ?? 'latest',
      requestTimeoutMs: options['request.timeout.ms'],
    });
  }

  return {
    producer(config) {
      const options = parsed('producer', config);
      return new KafkaProducer(cluster(options, true, true), options, config, { time, logger, random });
    },
    consumer(config) {
      const options = parsed('consumer', config);
      const its = cluster(options, true, options['allow.auto.create.topics']);
      return new KafkaConsumer(its, fetcher(its, options), options, { time, logger });
    },
    partitionReader(config) {
      const options = parsed('consumer', config);
      // Looking at a topic must not make one: only when it is asked for in words.
      const its = cluster(
        options,
        false,
        config['allow.auto.create.topics'] !== undefined && options['allow.auto.create.topics'],
      );
      return new KafkaPartitionReader({
        cluster: its,
        fetcher: fetcher(its, options),
        time,
        isolationLevel: options['isolation.level'],
        apiTimeoutMs: options['default.api.timeout.ms'],
      });
    },
    admin(config) {
      const options = parsed('admin', config);
      const its = cluster(options, false, false);
      return new KafkaAdmin({
        cluster: its,
        apiTimeoutMs: options['default.api.timeout.ms'],
        requestTimeoutMs: options['request.timeout.ms'],
      });
    },
    dropConnections() {
      for (const each of open) each.dropConnections();
    },
  };
}

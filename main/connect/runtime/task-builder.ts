import { ConfigException } from '../../../common/errors.ts';
import type { ConsumerRecord } from '../../../common/kafka/records.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Time } from '../../../common/time.ts';
import type { KafkaClients } from '../../kafka/api.ts';
import type { ParsedConfig } from '../api/config-def.ts';
import { parseConfig } from '../api/config-validation.ts';
import type { ConfigMap, SinkConnector, SourceConnector } from '../api/connector.ts';
import type { SourceRecord } from '../api/records.ts';
import { compilePattern } from '../api/regex/regex-validator.ts';
import type { Plugins } from '../plugins/plugins.ts';
import { adminConfig, type ClientOwner, consumerConfig, producerConfig } from './client-configs.ts';
import { CONNECTOR_CONFIG, type CONNECTOR_KEYS } from './connector-config.ts';
import type { Converters } from './converters.ts';
import { DeadLetterQueueReporter, ensureDeadLetterTopic } from './errors/dead-letter-queue-reporter.ts';
import { WorkerErrantRecordReporter } from './errors/errant-record-reporter.ts';
import { describeConsumerRecord, describeSourceRecord, logReporter } from './errors/log-reporter.ts';
import { RetryWithToleranceOperator } from './errors/retry-with-tolerance-operator.ts';
import type { ErrorReporter } from './errors/stage.ts';
import { HiddenValues } from './hidden-values.ts';
import { aliasesIn } from './plugin-config.ts';
import { DLQ_TOPIC, parseTopicsList, SINK_CONFIG } from './sink-connector-config.ts';
import { SinkRecordConverter } from './sink-record-converter.ts';
import { WorkerSinkTaskContext } from './sink-task-context.ts';
import { topicCreationGroups } from './source-connector-config.ts';
import { SourceRecordConverter } from './source-record-converter.ts';
import { type TaskSpec, taskName } from './task-host.ts';
import { TaskMetrics } from './task-metrics.ts';
import { TopicCreation } from './topic-creation.ts';
import { TransformationChain, type TransformationStage } from './transformation-chain.ts';
import { WORKER_CONFIG, withPrefix } from './worker-config.ts';
import { WorkerSinkTask } from './worker-sink-task.ts';
import { WorkerSourceTask } from './worker-source-task.ts';
import type { TaskListener, WorkerTask } from './worker-task.ts';

/** What the place where tasks run has for them. */
export interface TaskEnvironment {
  clients: KafkaClients;
  plugins: Plugins;
  time: Time;
  logger: Logger;
  /** In [0, 1). */
  random: () => number;
}

export interface BuiltTask {
  task: WorkerTask;
  metrics: TaskMetrics;
  logger: Logger;
}

/**
 * Puts a task together from its specification: clients, converters, transformations, error handling. Throws what is
 * wrong with any of them. Java: `Worker.TaskBuilder`.
 */
export async function buildTask(
  spec: TaskSpec,
  environment: TaskEnvironment,
  listener: TaskListener,
  signal: AbortSignal,
): Promise<BuiltTask> {
  const connector = environment.plugins.connector(
    spec.connectorClass,
    spec.connectorConfig['connector.plugin.version'],
  );
  const parts = new Parts(spec, environment, listener, signal);
  const task = connector.kind === 'source' ? await sourceTask(parts, connector) : await sinkTask(parts, connector);
  return { task, metrics: parts.metrics, logger: parts.logger };
}

/** What both kinds of task are made of. */
class Parts {
  readonly spec: TaskSpec;
  readonly environment: TaskEnvironment;
  readonly listener: TaskListener;
  readonly signal: AbortSignal;
  readonly metrics = new TaskMetrics();
  readonly logger: Logger;
  readonly config: ParsedConfig<typeof CONNECTOR_KEYS>;
  readonly worker;
  readonly owner: ClientOwner;

  constructor(spec: TaskSpec, environment: TaskEnvironment, listener: TaskListener, signal: AbortSignal) {
    this.spec = spec;
    this.environment = environment;
    this.listener = listener;
    this.signal = signal;
    this.logger = environment.logger.context(`${spec.connector}|task-${spec.task}`);
    this.config = parseConfig(CONNECTOR_CONFIG, spec.connectorConfig);
    this.worker = parseConfig(WORKER_CONFIG, spec.worker);
    this.owner = { connector: spec.connector, task: spec.task, worker: spec.worker, config: spec.connectorConfig };
  }

  converters(): Converters {
    return {
      key: this.#converter('key.converter', true),
      value: this.#converter('value.converter', false),
      header: this.#headerConverter(),
    };
  }

  operator<T>(reporters: readonly ErrorReporter<T>[]): RetryWithToleranceOperator<T> {
    const { time, random } = this.environment;
    return new RetryWithToleranceOperator<T>({
      handling: {
        retryTimeoutMs: this.config['errors.retry.timeout'],
        retryDelayMaxMs: this.config['errors.retry.delay.max.ms'],
        tolerance: this.config['errors.tolerance'] === 'all' ? 'all' : 'none',
      },
      reporters,
      metrics: this.metrics,
      time,
      random,
      signal: this.signal,
    });
  }

  logReporters<T>(describe: (original: T) => string): ErrorReporter<T>[] {
    if (!this.config['errors.log.enable']) return [];
    const logger = this.logger.named('runtime.errors.LogReporter');
    return [logReporter(logger, taskName(this.spec), this.config['errors.log.include.messages'], describe)];
  }

  /** Java: `ConnectorConfig.transformationStages`. */
  transformations(): TransformationStage[] {
    const { plugins } = this.environment;
    const config = this.spec.connectorConfig;
    return aliasesIn(config, 'transforms').map((alias) => {
      const {
        type,
        predicate,
        negate,
        'plugin.version': version,
        ...options
      } = withPrefix(config, `transforms.${alias}.`);
      const plugin = plugins.get('transformation', type ?? '', version);
      return {
        className: plugin.className,
        transformation: plugin.create(options),
        predicate: predicate === undefined ? null : this.#predicate(predicate.trim()),
        negate: negate?.trim().toLowerCase() === 'true',
      };
    });
  }

  #predicate(alias: string) {
    const config = this.spec.connectorConfig;
    if (!aliasesIn(config, 'predicates').includes(alias)) {
      throw new ConfigException(`Unknown configuration 'predicates.${alias}.type'`, {
        key: `predicates.${alias}.type`,
        hint: `Add ${alias} to predicates and give it a type.`,
      });
    }
    const { type, 'plugin.version': version, ...options } = withPrefix(config, `predicates.${alias}.`);
    return this.environment.plugins.get('predicate', type ?? '', version).create(options);
  }

  #converter(key: 'key.converter' | 'value.converter', isKey: boolean) {
    const from = this.#configOf(key);
    const plugin = this.environment.plugins.get('converter', from[key] ?? '', from[`${key}.plugin.version`]);
    return { className: plugin.className, converter: plugin.create(withPrefix(from, `${key}.`), isKey) };
  }

  #headerConverter() {
    const from = this.#configOf('header.converter');
    const name = from['header.converter'] ?? this.worker['header.converter'];
    const plugin = this.environment.plugins.get('header_converter', name, from['header.converter.plugin.version']);
    return { className: plugin.className, converter: plugin.create(withPrefix(from, 'header.converter.')) };
  }

  /** A converter's options stand where its class stands. */
  #configOf(key: string): ConfigMap {
    return this.spec.connectorConfig[key] === undefined ? this.spec.worker : this.spec.connectorConfig;
  }
}

async function sourceTask(parts: Parts, connector: SourceConnector): Promise<WorkerTask> {
  const { spec, environment, listener, logger, metrics, worker, owner } = parts;
  const { time, clients } = environment;
  const operator = parts.operator<SourceRecord>(parts.logReporters(describeSourceRecord));
  const client = producerConfig(owner);
  return new WorkerSourceTask({
    task: connector.task(),
    start: (task) =>
      task.start(parseConfig(connector.config, spec.taskConfig), {
        logger: logger.named(connector.className),
        time,
        offsets: (partitions) => listener.readOffsets(partitions),
      }),
    topicCreation: new TopicCreation({
      groups: worker['topic.creation.enable'] ? topicCreationGroups(spec.connectorConfig) : [],
      admin: () => clients.admin(adminConfig(owner)),
      time,
      logger: logger.named('runtime.TopicCreation'),
    }),
    transformations: new TransformationChain(parts.transformations(), operator),
    converter: new SourceRecordConverter(parts.converters()),
    operator,
    listener,
    metrics,
    time,
    logger: logger.named('runtime.WorkerSourceTask'),
    flushIntervalMs: Number(worker['offset.flush.interval.ms']),
    flushTimeoutMs: Number(worker['offset.flush.timeout.ms']),
    kafka: client['bootstrap.servers'] ?? '',
    // Last, so that nothing is open when any of the others throws.
    producer: clients.producer(client),
  });
}

async function sinkTask(parts: Parts, connector: SinkConnector): Promise<WorkerTask> {
  const { spec, environment, listener, logger, metrics, worker, owner } = parts;
  const { time, clients } = environment;
  const config = parseConfig(SINK_CONFIG, spec.connectorConfig);
  const converters = parts.converters();
  const stages = parts.transformations();
  const topics =
    config['topics.regex'] === ''
      ? parseTopicsList(spec.connectorConfig)
      : compilePattern('topics.regex', config['topics.regex']);
  const client = consumerConfig(owner);
  const consumer = clients.consumer(client);
  const letters = await deadLetterQueue(parts).catch(async (error) => {
    await consumer.close();
    throw error;
  });
  const reporters = [...parts.logReporters(describeConsumerRecord), ...letters];
  const operator = parts.operator<ConsumerRecord>(reporters);
  const errantRecords = reporters.length === 0 ? null : new WorkerErrantRecordReporter(operator, converters);
  return new WorkerSinkTask({
    task: connector.task(),
    start: (task, context) => task.start(parseConfig(connector.config, spec.taskConfig), context),
    consumer,
    topics,
    context: new WorkerSinkTaskContext(consumer, errantRecords, time, logger.named(connector.className)),
    transformations: new TransformationChain(stages, operator),
    converter: new SinkRecordConverter(converters),
    operator,
    errantRecords,
    listener,
    metrics,
    time,
    logger: logger.named('runtime.WorkerSinkTask'),
    commitIntervalMs: Number(worker['offset.flush.interval.ms']),
    commitTimeoutMs: Number(worker['offset.flush.timeout.ms']),
    kafka: client['bootstrap.servers'] ?? '',
  });
}

/** Java: `DeadLetterQueueReporter.createAndSetup`. */
async function deadLetterQueue(parts: Parts): Promise<DeadLetterQueueReporter[]> {
  const { spec, environment, logger, metrics, owner } = parts;
  const config = parseConfig(SINK_CONFIG, spec.connectorConfig);
  const topic = config[DLQ_TOPIC].trim();
  if (topic === '') return [];
  const admin = environment.clients.admin(adminConfig(owner));
  try {
    await ensureDeadLetterTopic(
      admin,
      topic,
      config['errors.deadletterqueue.topic.replication.factor'],
      logger.named('runtime.errors.DeadLetterQueueReporter'),
    );
  } finally {
    await admin.close();
  }
  return [
    new DeadLetterQueueReporter({
      topic,
      contextHeaders: config['errors.deadletterqueue.context.headers.enable'],
      connector: spec.connector,
      task: spec.task,
      producer: environment.clients.producer(producerConfig(owner, 'connector-dlq-producer')),
      metrics,
      hidden: new HiddenValues(spec.hidden),
    }),
  ];
}

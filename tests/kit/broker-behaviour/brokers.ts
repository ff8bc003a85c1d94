import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox } from '../../../main/broker/sandbox.ts';
import { silentLogger } from '../../../main/logging.ts';
import { Errors, findCoordinator, initProducerId, offsetCommit } from '../../../main/protocol/messages/index.ts';
import { systemTime } from '../../../main/time.ts';
import { freePort, startApacheKafka } from '../apache-kafka.ts';
import { type BrokerUnderTest, PlayedBroker } from './played-broker.ts';

export const SASL_USER = 'alice';
export const SASL_PASSWORD = 'open sesame';

/** Both brokers are told these, so that what they say of themselves can be compared. */
const SETTINGS = {
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
  'log.retention.hours': '200',
  'group.min.session.timeout.ms': '500',
  'group.max.size': '4',
  'group.consumer.max.size': '3',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200',
  'node.id': '1',
  'process.roles': 'broker,controller',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  // The sandbox divides partitions as soon as there is a reason.
  'group.consumer.assignment.interval.ms': '0',
};

const HOST = '127.0.0.1';
const SECURITY = 'org.apache.kafka.common.security';

export async function startSandboxUnderTest(): Promise<BrokerUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'runnel-behaviour-'));
  const saslPort = await freePort();
  const sandbox = await Sandbox.start({
    dataDir,
    port: 0,
    overrides: SETTINGS,
    shared: { host: HOST, port: saslPort, users: new Map([[SASL_USER, SASL_PASSWORD]]) },
    volume: () => ({ total: 2n, usable: 1n }),
    time: systemTime,
    logger: silentLogger,
    randomBytes,
    lock: () => ({ release: () => undefined }),
  });
  const broker = {
    name: 'the sandbox',
    host: HOST,
    port: sandbox.port,
    saslPort,
    async stop() {
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  await makeReady(broker);
  return broker;
}

export async function startApacheKafkaUnderTest(): Promise<BrokerUnderTest> {
  const jaas = {
    plain: `${SECURITY}.plain.PlainLoginModule required username="${SASL_USER}" password="${SASL_PASSWORD}" user_${SASL_USER}="${SASL_PASSWORD}";`,
    'scram-sha-256': `${SECURITY}.scram.ScramLoginModule required;`,
    'scram-sha-512': `${SECURITY}.scram.ScramLoginModule required;`,
  };
  const kafka = await startApacheKafka(
    {
      ...SETTINGS,
      'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      ...Object.fromEntries(
        Object.entries(jaas).map(([mechanism, config]) => [`listener.name.sasl.${mechanism}.sasl.jaas.config`, config]),
      ),
    },
    [],
    {
      listeners: { SASL: 'SASL_PLAINTEXT' },
      format: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${SASL_USER},password=${SASL_PASSWORD}]`,
      ]),
    },
  );
  const broker = {
    name: 'Apache Kafka',
    host: HOST,
    port: kafka.port,
    saslPort: kafka.ports.SASL as number,
    stop: () => kafka.stop(),
  };
  await makeReady(broker);
  return broker;
}

/** Groups and transactions have their coordinators: Kafka makes their topics when somebody asks for them. */
async function makeReady(broker: BrokerUnderTest): Promise<void> {
  const played = new PlayedBroker(broker, 'start');
  await played.topic('ready');
  const offset = { name: 'ready', partitions: [{ partitionIndex: 0, committedOffset: 0n, committedMetadata: null }] };
  await played.until(
    () => played.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] }),
    ({ coordinators }) => coordinators[0]?.errorCode === Errors.NONE,
  );
  await played.until(
    () => played.ask(offsetCommit, 7, { groupId: 'ready', memberId: '', topics: [offset] }),
    ({ topics }) => topics[0]?.partitions[0]?.errorCode === Errors.NONE,
  );
  await played.until(
    () => played.ask(findCoordinator, 4, { keyType: 1, coordinatorKeys: ['t'] }),
    ({ coordinators }) => coordinators[0]?.errorCode === Errors.NONE,
  );
  await played.until(
    () => played.ask(initProducerId, 4, { transactionalId: 'ready', transactionTimeoutMs: 60_000 }),
    ({ errorCode }) => errorCode === Errors.NONE,
  );
  played.close();
}

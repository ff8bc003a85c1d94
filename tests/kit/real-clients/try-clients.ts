import { kafkaClients } from '../../../main/kafka/index.ts';
import { silentLogger } from '../../../main/logging.ts';
import { systemTime } from '../../../main/time.ts';
import { ABILITIES, type Ability } from './abilities.ts';
import { ClientProcess, type Outcome } from './client-process.ts';
import type { RealClient } from './clients.ts';
import type { RestartedBroker } from './restarted-brokers.ts';
import { judgeConsumed, judgeProduced, judgeTransactions } from './restarts.ts';

/**
 * Runs the programs of all clients at once on one broker, which is stopped, and then killed, when all of them are in
 * the middle of producing and consuming. How each ability of each client went; null when well.
 */
export async function tryClients(
  broker: RestartedBroker,
  clients: readonly RealClient[],
): Promise<ReadonlyMap<RealClient, ReadonlyMap<Ability, Outcome>>> {
  const running = clients.map((client, i) => {
    const prefix = `${client.name.replaceAll(/[^a-z]+/gi, '-')}-${i}-`;
    return { client, prefix, process: new ClientProcess(client.start(broker.server, prefix)) };
  });
  let stage = 0;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    stage += 1;
    await Promise.all(running.map(({ process }) => process.underWay(stage)));
    await broker.restart(signal);
    for (const { process } of running) process.restarted();
  }
  await Promise.all(running.map(({ process }) => process.end()));
  const outcomes = new Map<RealClient, ReadonlyMap<Ability, Outcome>>();
  for (const { client, prefix, process } of running) {
    const outcome = new Map<Ability, Outcome>(process.outcomes);
    const { restarts } = process;
    if (restarts) {
      const [log, committed] = await Promise.all([
        readTopic(broker.server, `${prefix}restart`),
        restarts.transactions ? readTopic(broker.server, `${prefix}restart-transaction`) : [],
      ]);
      outcome.set('restart-produce', judgeProduced(restarts, log));
      outcome.set('restart-transaction', judgeTransactions(restarts, committed));
      outcome.set('restart-consume', judgeConsumed(restarts, 'classic'));
      outcome.set('restart-consumer-consume', judgeConsumed(restarts, 'consumer'));
    }
    for (const ability of Object.keys(ABILITIES) as Ability[]) {
      if (!outcome.has(ability))
        outcome.set(ability, `The program said nothing of it. Its last words:\n${process.said}`);
    }
    outcomes.set(client, outcome);
  }
  return outcomes;
}

/** The values of partition 0 that are committed. */
async function readTopic(server: string, topic: string): Promise<string[]> {
  const clients = kafkaClients({ time: systemTime, logger: silentLogger, random: Math.random });
  const reader = clients.partitionReader({ 'bootstrap.servers': server, 'isolation.level': 'read_committed' });
  const values: string[] = [];
  const at = { topic, partition: 0 };
  try {
    await reader.assign([{ ...at, start: { offset: 0n } }]);
    const end = (await reader.endOffsets([at])).get(`${topic}-0`) ?? 0n;
    while ((reader.position(at) ?? 0n) < end) {
      for (const { value } of (await reader.poll(1000)).records) values.push(Buffer.from(value ?? []).toString());
    }
  } finally {
    await reader.close();
  }
  return values;
}

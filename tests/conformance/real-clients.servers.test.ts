import { beforeAll, describe, expect, test } from 'vitest';
import { ABILITIES, type Ability } from '../kit/real-clients/abilities.ts';
import type { Outcome } from '../kit/real-clients/client-process.ts';
import { fetchEarlierClient, REAL_CLIENTS, type RealClient } from '../kit/real-clients/clients.ts';
import { restartedApacheKafka, restartedSandbox } from '../kit/real-clients/restarted-brokers.ts';
import { tryClients } from '../kit/real-clients/try-clients.ts';

const night = process.env.RUNNEL_TESTS === 'night';
const MINUTE = 60_000;
/** At night it is seen that what is asked of the sandbox holds on Apache Kafka too. */
const BROKERS = [
  { broker: 'the sandbox', start: restartedSandbox },
  ...(night ? [{ broker: 'Apache Kafka', start: restartedApacheKafka }] : []),
];
const ready = REAL_CLIENTS.filter((client) => client.missing() === undefined);

describe.each(BROKERS)('on $broker', ({ start }) => {
  let outcomes: ReadonlyMap<RealClient, ReadonlyMap<Ability, Outcome>>;

  beforeAll(async () => {
    if (ready.some(({ name }) => name === 'Java client')) fetchEarlierClient();
    const broker = await start();
    try {
      outcomes = await tryClients(broker, ready);
    } finally {
      await broker.stop();
    }
  }, 10 * MINUTE);

  describe.each(REAL_CLIENTS)('$name $version', (client) => {
    const abilities = (Object.keys(ABILITIES) as Ability[]).filter((ability) => !(ability in client.cannot));
    test.skipIf(client.missing()).each(abilities)('%s', (ability) => {
      const outcome = outcomes.get(client)?.get(ability);
      expect(outcome, outcome ?? '').toBeNull();
    });
  });
});

import { kafkaClients } from '../main/kafka/index.ts';
import { silentLogger } from '../main/logging.ts';
import { systemTime as time } from '../main/time.ts';

// A process of its own: `steady-producer.ts BOOTSTRAP TOPIC PER_SECOND SECONDS` writes at an even rate, says how many.
const [bootstrapServers = '', topic = '', rateText = '', secondsText = ''] = process.argv.slice(2);
const perSecond = Number(rateText);
const clients = kafkaClients({ time, logger: silentLogger, random: Math.random });
const producer = clients.producer({
  'bootstrap.servers': bootstrapServers,
  acks: '1',
  'linger.ms': '5',
  'batch.size': '131072',
});
const encoder = new TextEncoder();
const text =
  'Anyone else at the Kafka meetup in Frankfurt tonight? The talk on Connect transformations starts at 19:00. '.repeat(
    2,
  );

const started = performance.now();
let sent = 0;
while (performance.now() - started < Number(secondsText) * 1_000) {
  const due = Math.floor(((performance.now() - started) / 1_000) * perSecond);
  for (; sent < due; sent++) {
    const value = encoder.encode(`{"id":${968476484095610881n + BigInt(sent)},"lang":"en","text":"${text}"}`);
    if (!producer.send({ topic, key: encoder.encode(`user-${sent % 1_000}`), value })) await producer.drained();
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await producer.close();
console.log(sent);

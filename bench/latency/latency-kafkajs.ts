import { Kafka, logLevel } from 'kafkajs';

// `latency-kafkajs.ts BOOTSTRAP TOPIC WARM_UP COUNT`: sends a record, waits until it is read; prints how long each
// took, ms.
const [bootstrap = '', topic = '', warmUp = '', count = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR });
const producer = kafka.producer();
const consumer = kafka.consumer({ groupId: topic });
await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topic, fromBeginning: true });
let received = () => {};
const joined = new Promise<void>((resolve) => {
  consumer.on('consumer.group_join', () => resolve());
});
await consumer.run({ autoCommit: false, eachMessage: async () => received() });
await joined;
const value = Buffer.alloc(100);
for (let i = 0; i < Number(warmUp) + Number(count); i++) {
  const came = new Promise<void>((resolve) => {
    received = resolve;
  });
  const began = performance.now();
  const sent = producer.send({ topic, acks: -1, messages: [{ value, partition: 0 }] });
  await came;
  if (i >= Number(warmUp)) console.log(performance.now() - began);
  await sent;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await Promise.all([producer.disconnect(), consumer.disconnect()]);

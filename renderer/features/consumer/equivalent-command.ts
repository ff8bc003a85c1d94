import type { ConsumeFilter, ConsumeStart } from '../../../common/kafka/consume.ts';
import type { Format } from '../../../common/kafka/decode.ts';

export interface CommandOptions {
  bootstrapServers: string;
  topic: string;
  start: ConsumeStart;
  /** undefined: all */
  partitions: readonly number[] | undefined;
  partitionCount: number;
  filter: ConsumeFilter;
  keyFormat: Format;
  valueFormat: Format;
  /** Kafka before 4.2 says `--property` where later ones say `--formatter-property`. */
  spelling: 'current' | 'older';
  /** `kafka-console-consumer` (packages), `kafka-console-consumer.sh` (Apache's archive), `.bat` */
  script?: string;
}

export interface EquivalentCommand {
  /** One line each; several where the console consumer can't do it in one. */
  lines: string[];
  /** What the command leaves out or does otherwise, as short tags. */
  notes: string[];
}

const DESERIALIZERS: Partial<Record<Format, string>> = {
  integer: 'org.apache.kafka.common.serialization.IntegerDeserializer',
  long: 'org.apache.kafka.common.serialization.LongDeserializer',
  float: 'org.apache.kafka.common.serialization.FloatDeserializer',
  double: 'org.apache.kafka.common.serialization.DoubleDeserializer',
};

/** What to type to see the same records in a terminal, with Kafka's own console consumer. */
export function equivalentCommand(options: CommandOptions): EquivalentCommand {
  const { start, partitions, partitionCount, filter } = options;
  const notes = filter.type === 'none' ? [] : ['without the filter'];
  const script = options.script ?? 'kafka-console-consumer';
  const head = [script, '--bootstrap-server', quote(options.bootstrapServers), '--topic', quote(options.topic)];
  const tail = printing(options);
  const chosen = partitions ?? Array.from({ length: partitionCount }, (_, partition) => partition);
  const line = (...between: string[]) => [...head, ...between, ...tail].join(' ');
  const perPartition = (offset: string) =>
    chosen.map((partition) => line('--partition', String(partition), '--offset', offset));

  switch (start.type) {
    case 'now':
      return { lines: partitions ? perPartition('latest') : [line()], notes };
    case 'beginning':
      return { lines: partitions ? perPartition('earliest') : [line('--from-beginning')], notes };
    case 'offset':
      return { lines: perPartition(String(start.offset)), notes };
    case 'positions': {
      const position = new Map(start.positions.map((entry) => [entry.partition, entry.position]));
      return {
        lines: chosen.map((partition) =>
          line('--partition', String(partition), '--offset', String(position.get(partition) ?? 'earliest')),
        ),
        notes,
      };
    }
    case 'timestamp':
      return {
        lines: [
          [
            script.replace('console-consumer', 'get-offsets'),
            ...head.slice(1),
            ...(partitions ? ['--partitions', partitions.join(',')] : []),
            '--time',
            String(start.timestamp),
          ].join(' '),
        ],
        notes: ['prints the offsets to start from: the console consumer takes no time', ...notes],
      };
    case 'last':
      return {
        lines: perPartition('latest'),
        notes: [`without the last ${start.records}: the console consumer counts from an offset`, ...notes],
      };
  }
}

function printing({ keyFormat, valueFormat, spelling }: CommandOptions): string[] {
  const option = spelling === 'current' ? '--formatter-property' : '--property';
  const properties = ['print.timestamp', 'print.partition', 'print.offset', 'print.headers', 'print.key'].map(
    (name) => `${name}=true`,
  );
  const key = DESERIALIZERS[keyFormat];
  const value = DESERIALIZERS[valueFormat];
  if (key) properties.push(`key.deserializer=${key}`);
  if (value) properties.push(`value.deserializer=${value}`);
  return properties.flatMap((property) => [option, property]);
}

/** For a shell: names of topics and hosts pass as they are, anything else stands in single quotes. */
function quote(word: string): string {
  return /^[\w.,:/@[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

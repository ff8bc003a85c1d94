import type { Record } from '../../protocol/records/records.ts';
import { UsageError } from '../command-context.ts';
import type { DumpLogOptions } from '../commands/dump-log.ts';
import { readOffsetsTopic, readTransactionTopic } from './coordinator-text.ts';
import { javaString } from './java-string.ts';
import { readMetadataTopic } from './metadata-text.ts';

/** What is printed of a record's key and value; null: nothing. Java: `DumpLogSegments.MessageParser`. */
export type ReadRecord = (record: Record) => { key: string | null; payload: string | null };

/** Java: `org.apache.kafka.tools.api.Decoder`. */
type Decode = (bytes: Buffer) => string;

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['StringDecoder', javaString],
  ['IntegerDecoder', (bytes) => `${bytes.readInt32BE()}`],
  ['LongDecoder', (bytes) => `${bytes.readBigInt64BE()}`],
]);

/** What no broker of ours writes is said in a sentence. */
const REFUSED = [
  ['remoteLogMetadataDecoder', '--remote-log-metadata-decoder', 'there is no tiered storage'],
  ['shareGroupStateDecoder', '--share-group-state-decoder', 'there are no share groups'],
] as const;

/** Null: keys and values are not printed. */
export function recordReader(options: DumpLogOptions): ReadRecord | null {
  for (const [option, name, reason] of REFUSED) {
    if (options[option]) throw new UsageError(`${name} is not supported: ${reason}`);
  }
  const { printDataLog, offsetsDecoder, transactionLogDecoder, keyDecoderClass, valueDecoderClass } = options;
  if (offsetsDecoder) return readOffsetsTopic;
  if (transactionLogDecoder) return readTransactionTopic;
  if (options.clusterMetadataDecoder) return readMetadataTopic;
  const isPrinted = printDataLog || keyDecoderClass !== undefined || valueDecoderClass !== undefined;
  const [decodeKey, decodeValue] = [decoder(keyDecoderClass), decoder(valueDecoderClass)];
  if (!isPrinted) return null;
  return ({ key, value }) => ({ key: key && decodeKey(key), payload: value && decodeValue(value) });
}

function decoder(className: string | true | undefined): Decode {
  const name = typeof className === 'string' ? className : 'org.apache.kafka.tools.api.StringDecoder';
  const [, simple = ''] = /^(?:org\.apache\.kafka\.tools\.api\.|kafka\.serializer\.)(\w+)$/.exec(name) ?? [];
  const known = DECODERS.get(simple);
  if (known) return known;
  throw new UsageError(
    `The decoder class ${name} can't be loaded here: a Java class. There are ${[...DECODERS.keys()].map((each) => `org.apache.kafka.tools.api.${each}`).join(', ')}`,
  );
}

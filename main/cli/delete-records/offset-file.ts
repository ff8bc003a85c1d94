import { readFileSync } from 'node:fs';
import { KafkaException } from '../../../common/errors.ts';
import { type JsonNode, JsonSyntaxException, parseJson } from '../../../common/kafka/json-tree.ts';
import { type TopicPartition, topicPartitionKey } from '../../../common/kafka/records.ts';

const VERSION = 1;

/** What is wrong with the file, in Kafka's words. Java: `AdminOperationException`, `JsonMappingException`. */
class OffsetFileException extends KafkaException {
  override readonly javaClass = 'org.apache.kafka.tools.AdminOperationException';
}

/** Offsets up to which records go, -1 for all. Throws KafkaException. Java: `DeleteRecordsCommand.parseOffsetJsonStringWithoutDedup`. */
export function readOffsetFile(file: string): (TopicPartition & { offset: bigint })[] {
  const root = parsed(textOf(file));
  const version = member(root, 'version');
  if (version !== undefined && integer(version, 'Integer') !== BigInt(VERSION)) {
    throw new OffsetFileException(`Not supported version field value ${integer(version, 'Integer')}`);
  }
  const partitions = member(root, 'partitions');
  if (partitions === undefined) throw new OffsetFileException('Missing partitions field');
  if (partitions.type !== 'array') throw new OffsetFileException(`Expected JSON array, received ${shown(partitions)}`);
  const offsets = partitions.elements.map((each) => ({
    topic: text(required(each, 'topic')),
    partition: Number(integer(required(each, 'partition'), 'Integer')),
    offset: integer(required(each, 'offset'), 'Long'),
  }));
  const keys = offsets.map(({ topic, partition }) => topicPartitionKey(topic, partition));
  const twice = new Set(keys.filter((key, i) => keys.indexOf(key) !== i));
  if (twice.size > 0) {
    throw new OffsetFileException(`Offset json file contains duplicate topic partitions: ${[...twice].join(',')}`);
  }
  return offsets;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OffsetFileException(`Unable to read file ${file}`, { key: file, cause: error });
  }
}

function parsed(json: string): JsonNode {
  try {
    return parseJson(json);
  } catch (error) {
    if (!(error instanceof JsonSyntaxException)) throw error;
    throw new OffsetFileException('The input string is not a valid JSON', { hint: error.message, cause: error });
  }
}

function member(node: JsonNode, name: string): JsonNode | undefined {
  if (node.type !== 'object') throw new OffsetFileException(`Expected JSON object, received ${shown(node)}`);
  return node.members.findLast((each) => each.name === name)?.value;
}

function required(node: JsonNode, name: string): JsonNode {
  const found = member(node, name);
  if (found === undefined) throw new OffsetFileException(`No such field exists: \`${name}\``);
  return found;
}

function text(node: JsonNode): string {
  if (node.type === 'string') return node.value;
  throw new OffsetFileException(`Expected \`String\` value, received ${shown(node)}`);
}

function integer(node: JsonNode, type: 'Integer' | 'Long'): bigint {
  const limit = 1n << (type === 'Integer' ? 31n : 63n);
  const isWhole = node.type === 'number' && /^-?\d+$/.test(node.digits);
  const value = isWhole ? BigInt(node.digits) : limit;
  if (value >= -limit && value < limit) return value;
  throw new OffsetFileException(`Expected \`${type}\` value, received ${shown(node)}`);
}

function shown(node: JsonNode): string {
  if (node.type === 'string') return JSON.stringify(node.value);
  if (node.type === 'number') return node.digits;
  return node.type === 'constant' ? `${node.value}` : `an ${node.type}`;
}

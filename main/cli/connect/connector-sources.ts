import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConfigException } from '../../../common/errors.ts';
import { type ConnectorFile, parseConnectorFile } from '../../connect/connector-files.ts';
import { UsageError } from '../command-context.ts';
import { parseAnswer, writeAnswer } from './connect-answer.ts';

/** A connector and where it was read. */
export interface ConnectorSource extends ConnectorFile {
  /** A path, or `standard input`. */
  from: string;
}

const STDIN = 'standard input';
const ENDING = /\.(?:json|properties)$/;

/**
 * Connectors of files (both JSON forms, properties, a JSON list of either form), of every such file of a folder, and of
 * `-`, standard input. All are read before anything is done with one: the first that can't be used is an error, and so
 * are two of the same name.
 */
export async function connectorSources(
  paths: readonly string[],
  stdin: NodeJS.ReadableStream,
): Promise<ConnectorSource[]> {
  if (paths.length === 0) throw new UsageError('Name a file, a folder, or - for standard input');
  const sources: ConnectorSource[] = [];
  for (const path of paths) {
    if (path === '-') sources.push(...parse(STDIN, await text(stdin)));
    else for (const file of filesOf(path)) sources.push(...parse(file, readText(file)));
  }
  const seen = new Map<string, string>();
  for (const { name, from } of sources) {
    const other = seen.get(name);
    if (other !== undefined)
      throw new ConfigException(`Connector ${name} stands in ${other} and in ${from}`, {
        key: name,
        hint: 'Leave one of them out.',
      });
    seen.set(name, from);
  }
  return sources;
}

/** A file as it is named; of a folder the files in it (not below) that end as configurations do, by name. */
function filesOf(path: string): string[] {
  if (!isFolder(path)) return [path];
  const files = readdirSync(path)
    .filter((name) => ENDING.test(name) && !name.startsWith('.'))
    .sort();
  if (files.length === 0)
    throw new ConfigException(`The folder ${path} holds no .json and no .properties file`, { key: path });
  return files.map((name) => join(path, name));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function parse(from: string, content: string): ConnectorSource[] {
  if (content.trim() === '') throw new ConfigException(`${from} is empty`, { key: from });
  return elementsOf(content).map((part, i, parts) => {
    const place = parts.length === 1 ? from : `${from}[${i}]`;
    return { ...parseConnectorFile(place, part), from: place };
  });
}

/** The parts of a JSON list, each as JSON; anything else is one part as it is. */
function elementsOf(content: string): string[] {
  if (!content.trimStart().startsWith('[')) return [content];
  try {
    const list = parseAnswer(content) as unknown[];
    return list.map((element) => writeAnswer(element));
  } catch (error) {
    // Properties may begin with a bracket too; what is wrong with it is said where it is read.
    if (error instanceof SyntaxError) return [content];
    throw error;
  }
}

/** Java reads properties as ISO 8859-1; what is UTF-8 is meant as UTF-8. */
function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').replace(/^\ufeff/, '');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): ConfigException {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'there is no such file' : message;
  return new ConfigException(`Can't read ${path}: ${why}`, {
    code: 'FILE_UNREADABLE',
    key: path,
    cause: error,
  });
}

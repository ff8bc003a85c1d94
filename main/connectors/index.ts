import type { Connector } from '../connect/api/connector.ts';
import { fileStreamSink } from './file/file-stream-sink.ts';
import { fileStreamSource } from './file/file-stream-source.ts';
import { twitterSource } from './twitter/twitter-source.ts';

/** Every connector that comes with Runnel. A new one is a line here. */
export const CONNECTORS: readonly Connector[] = [fileStreamSource, fileStreamSink, twitterSource];

import { InvalidRequestException, SchemaException, UnsupportedVersionException } from './exceptions.ts';
import { apiByKey } from './messages/apis.ts';
import type { Api, RequestInput, RequestOf, ResponseInput, ResponseOf } from './schema/api.ts';
import { Reader } from './schema/reader.ts';
import { includes } from './schema/versions.ts';
import { Writer } from './schema/writer.ts';

/**
 * Requests and responses with their headers. A frame here is what stands behind the size (`FrameReader` cuts
 * those); what the encoders return begins with the size and goes to the socket as it is.
 *
 * Headers: requests have a client id, flexible ones tagged fields too (header version 2, else 1). Responses have
 * the correlation id, flexible ones tagged fields (1, else 0). ApiVersions answers always in version 0 (KIP-511).
 */
const API_VERSIONS = 18;
const SIZE_BYTES = 4;
/** Metadata of a cluster with half a million partitions: more than a request ever needs. */
const MAX_RESPONSE_ELEMENTS = 4_000_000;

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

export interface DecodedRequest {
  readonly header: RequestHeader;
  readonly api: Api;
  /** `RequestOf` of the API; `isRequest` gives it its type. Its buffers share memory with the frame. */
  readonly body: unknown;
}

/** A request whose version (or key) there is no table for; the header tells the server how to answer. */
export class UnsupportedRequestVersionException extends UnsupportedVersionException {
  readonly header: RequestHeader;

  constructor(header: RequestHeader, name: string) {
    super(`The request ${name} of version ${header.apiVersion} is not supported`, { key: name });
    this.header = header;
  }
}

/** Whether a decoded request is one of `api`, for the compiler. */
export function isRequest<A extends Api>(
  request: DecodedRequest,
  api: A,
): request is DecodedRequest & { body: RequestOf<A> } {
  return request.api.key === api.key;
}

/**
 * @returns chunks to be written one after another (`writev`). Long `records` and `bytes` are handed on, not copied:
 *   they may not change until they are sent
 * @throws SchemaException for values that don't fit their type, UnsupportedVersionException
 */
export function encodeRequest<A extends Api>(
  api: A,
  version: number,
  correlationId: number,
  clientId: string | null,
  body: RequestInput<A>,
): Uint8Array[] {
  const writer = new Writer();
  writer.int32(0); // size, below
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  if (clientId === null) writer.int16(-1);
  else writer.string(clientId, false);
  if (includes(api.flexible, version)) writer.unsignedVarint(0);
  api.request.write(version, writer, body as never);
  return framed(writer);
}

/** As `encodeRequest`, for the server. */
export function encodeResponse<A extends Api>(
  api: A,
  version: number,
  correlationId: number,
  body: ResponseInput<A>,
): Uint8Array[] {
  const writer = new Writer();
  writer.int32(0); // size, below
  writer.int32(correlationId);
  if (hasTaggedResponseHeader(api, version)) writer.unsignedVarint(0);
  api.response.write(version, writer, body as never);
  return framed(writer);
}

/**
 * @throws UnsupportedRequestVersionException with the header when there is no table for the version,
 *   InvalidRequestException when the frame is not such a request (the connection can't be trusted any more)
 */
export function decodeRequest(frame: Buffer): DecodedRequest {
  const reader = new Reader(frame);
  let header: RequestHeader;
  try {
    header = readRequestHeader(reader);
  } catch (error) {
    if (!(error instanceof SchemaException)) throw error;
    throw new InvalidRequestException(`The request header can't be read: ${error.message}`, { cause: error });
  }
  const api = apiByKey(header.apiKey);
  if (!api || !includes(api.versions, header.apiVersion)) {
    throw new UnsupportedRequestVersionException(header, api?.name ?? `with API key ${header.apiKey}`);
  }
  try {
    if (includes(api.flexible, header.apiVersion)) skipTaggedFields(reader);
    // Bytes behind the last field are let be, as in Kafka: librdkafka 2.16 sends three too many with Metadata 13 of all topics.
    return { header, api, body: api.request.read(header.apiVersion, reader) };
  } catch (error) {
    if (!(error instanceof SchemaException)) throw error;
    const message = `Error getting request for apiKey: ${api.name}, apiVersion: ${header.apiVersion}: ${error.message}`;
    throw new InvalidRequestException(message, { cause: error });
  }
}

function readRequestHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const correlationId = reader.int32();
  const length = reader.int16();
  if (length < -1) throw new SchemaException(`A string length of ${length} can't be`);
  return { apiKey, apiVersion, correlationId, clientId: length < 0 ? null : reader.string(length) };
}

/** The correlation id of a response frame: it says which request's answer to decode it as. */
export function correlationIdOf(frame: Buffer): number {
  return new Reader(frame).int32();
}

/** @throws SchemaException when the frame is not such a response */
export function decodeResponse<A extends Api>(api: A, version: number, frame: Buffer): ResponseOf<A> {
  const reader = new Reader(frame);
  reader.int32(); // correlation id
  if (hasTaggedResponseHeader(api, version)) skipTaggedFields(reader);
  return api.response.decode(version, frame, reader.position, MAX_RESPONSE_ELEMENTS) as ResponseOf<A>;
}

function hasTaggedResponseHeader(api: Api, version: number): boolean {
  return api.key !== API_VERSIONS && includes(api.flexible, version);
}

function skipTaggedFields(reader: Reader): void {
  const count = reader.elements(reader.unsignedVarint(), 2);
  for (let i = 0; i < count; i++) {
    reader.unsignedVarint();
    reader.skip(reader.unsignedVarint());
  }
}

function framed(writer: Writer): Uint8Array[] {
  const size = writer.length - SIZE_BYTES;
  if (size > 0x7fff_ffff) throw new SchemaException(`A message of ${size} bytes is too long for the protocol`);
  const chunks = writer.chunks();
  const first = chunks[0]!;
  new DataView(first.buffer, first.byteOffset, SIZE_BYTES).setInt32(0, size);
  return chunks;
}

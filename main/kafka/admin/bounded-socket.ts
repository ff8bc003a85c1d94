import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';
import { InvalidReceiveException } from '../../protocol/exceptions.ts';

const SIZE_BYTES = 4;
const KEEP_ALIVE_DELAY_MS = 60_000;

/**
 * Sockets for kafkajs that end when an answer claims more than `maxBytes`. kafkajs believes the four bytes in front of an
 * answer and collects until it has as many: a port that speaks HTTP makes it collect 1.2 GB without an error.
 */
export function boundedSocketFactory(maxBytes: number): ISocketFactory {
  return ({ host, port, onConnect }) => {
    const socket = connect({ host, port, noDelay: true }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    watchSizes(socket, maxBytes);
    return socket;
  };
}

/** Follows the frames by their sizes. It listens before kafkajs does, so the socket is gone before that reads on. */
function watchSizes(socket: Socket, maxBytes: number): void {
  const size = Buffer.alloc(SIZE_BYTES);
  let sizeBytes = 0;
  let left = 0;
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const passed = Math.min(left, chunk.length - at);
        left -= passed;
        at += passed;
        continue;
      }
      size[sizeBytes++] = chunk[at++] as number;
      if (sizeBytes < SIZE_BYTES) continue;
      sizeBytes = 0;
      left = size.readInt32BE(0);
      if (left < 0 || left > maxBytes) {
        socket.destroy(
          new InvalidReceiveException(`Invalid receive (size = ${left}): the peer does not speak Kafka's protocol`),
        );
        return;
      }
    }
  });
}

import type { Socket } from 'node:net';

/** Clients that wait for others to go; more are turned away. The system's own queue is as long. */
const MAX_WAITING = 511;

export interface ConnectionLimits {
  /** `max.connections` */
  readonly total: number;
  /** `max.connections.per.ip` */
  readonly perAddress: number;
  /** `max.connections.per.ip.overrides`, by address. */
  readonly overrides: ReadonlyMap<string, number>;
}

interface Waiting {
  readonly socket: Socket;
  readonly serve: () => void;
}

/**
 * How many connections there may be, over all listeners. Beyond `max.connections` a new one waits unanswered until
 * another ends; an address that has as many as it may has its next ones closed. Java: `ConnectionQuotas`.
 */
export class ConnectionQuotas {
  #limits: ConnectionLimits;
  #open = 0;
  readonly #byAddress = new Map<string, number>();
  readonly #waiting: Waiting[] = [];

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Holds from now on for new connections; those that there are too many of stay. */
  set limits(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#admitWaiting();
  }

  /** Calls `serve` when there is room for the connection from `address`, maybe never. */
  admit(socket: Socket, address: string, serve: () => void): void {
    const admitted = () => this.#admitted(socket, address, serve);
    if (this.#open < this.#limits.total) admitted();
    else if (this.#waiting.length < MAX_WAITING) this.#wait(socket, admitted);
    else socket.destroy();
  }

  /** Those that wait are closed. */
  close(): void {
    for (const { socket } of this.#waiting) socket.destroy();
  }

  #admitted(socket: Socket, address: string, serve: () => void): void {
    const count = this.#byAddress.get(address) ?? 0;
    if (count >= (this.#limits.overrides.get(address) ?? this.#limits.perAddress)) {
      socket.destroy();
      return;
    }
    this.#open++;
    this.#byAddress.set(address, count + 1);
    socket.once('close', () => this.#ended(address));
    serve();
  }

  #wait(socket: Socket, serve: () => void): void {
    const waiting = { socket, serve };
    this.#waiting.push(waiting);
    // 'close' follows.
    socket.on('error', () => {});
    socket.once('close', () => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
    });
  }

  #ended(address: string): void {
    this.#open--;
    const left = this.#byAddress.get(address)! - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
    this.#admitWaiting();
  }

  #admitWaiting(): void {
    while (this.#open < this.#limits.total && this.#waiting.length > 0) this.#waiting.shift()!.serve();
  }
}

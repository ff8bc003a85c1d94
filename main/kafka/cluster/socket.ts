import type { LookupAddress } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, TLSSocket } from 'node:tls';
import type { Tls } from '../security/ssl/tls-settings.ts';
import type { Address } from './address.ts';

/** How long an address of a host is tried before the next one (`localhost` is ::1 and 127.0.0.1), ms. */
const ADDRESS_TIMEOUT_MS = 500;

/**
 * Begins to connect. The name is resolved anew each time; every address it has is tried (RFC 8305). With TLS it is ready
 * at `secureConnect`: a certificate that is not right is an `error` before that.
 */
export function openSocket({ host, port }: Address, tls: Tls | null): Socket {
  const options = {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    lookup: host.toLowerCase() === 'localhost' ? bothLoopbacks : undefined,
  };
  if (!tls) return connect(options);
  return connectTls({
    ...options,
    secureContext: tls.context,
    // A name that was dialed is told to the server (SNI); an address can't be.
    ...(isIP(host) ? {} : { servername: host }),
    checkServerIdentity: (_, certificate) => (tls.checksHost ? checkServerIdentity(host, certificate) : undefined),
  });
}

/** Resolves when bytes may be written: at once, but for TLS. Errors come as events of the socket. */
export function whenSecure(socket: Socket, then: () => void): void {
  if (socket instanceof TLSSocket) socket.once('secureConnect', then);
  else then();
}

/** A hosts file often knows localhost as one of the two only, while the broker listens on the other. */
const LOOPBACKS: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const bothLoopbacks: LookupFunction = (_host, { all }, callback) => {
  if (all) callback(null, LOOPBACKS);
  else callback(null, '127.0.0.1', 4);
};

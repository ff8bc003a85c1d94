import { createServer } from 'node:net';

/** The first port from `first` on at which nobody listens on this machine; `first` itself after fifty busy ones. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < Math.min(first + 50, 65_536); port++) {
    if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '::1'))) return port;
  }
  return first;
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has no ::1: nothing can listen there.
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE' && code !== 'EACCES'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

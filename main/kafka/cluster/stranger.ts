/**
 * Names what answers on a port that should be a broker's, from the first bytes it sent; undefined when they could be
 * Kafka's or are nothing known. A person who typed the wrong port wants to hear whose it is.
 */
export function nameStranger(first: Uint8Array): string | undefined {
  const text = Buffer.from(first.buffer, first.byteOffset, Math.min(first.length, 16)).toString('latin1');
  for (const [pattern, name] of GREETINGS) if (pattern.test(text)) return name;
  return undefined;
}

const GREETINGS: readonly (readonly [RegExp, string])[] = [
  [/^(HTTP\/|<!DOCTYPE|<html|GET |POST |PUT )/i, 'HTTP'],
  // A record of TLS 1.x: alert (21) or handshake (22), version 3.x.
  [/^[\x15\x16]\x03[\x00-\x04]/, 'TLS'],
  [/^SSH-/, 'SSH'],
  [/^220[ -]/, 'SMTP or FTP'],
  [/^\* OK/, 'IMAP'],
  [/^\+OK/, 'POP3'],
  [/^-(ERR|NOAUTH|DENIED)/, 'Redis'],
  [/^(ERROR|CLIENT_ERROR|SERVER_ERROR)\r?\n?/, 'memcached'],
  [/^[\s\S]{3}\x00\x0a\d/, 'MySQL'],
  [/^E\x00\x00[\s\S]{2}S/, 'PostgreSQL'],
  [/^AMQP/, 'AMQP'],
];

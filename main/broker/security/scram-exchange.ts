import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SaslExchange } from './sasl-exchange.ts';
import { HASHES, type ScramCredential, type ScramMechanism, type Users } from './users.ts';

const CLIENT_FIRST = /^(n,(?:a=([^,]*))?,)(n=([^,]*),r=([^,]+)(?:,.*)?)$/;
const CLIENT_FINAL = /^(c=([^,]+),r=([^,]+))(?:,.*)?,p=([^,]+)$/;

/**
 * A password that never crosses the line (RFC 5802, RFC 7677). `nonce` is printable, without commas. Java:
 * `ScramSaslServer`.
 */
export function scramExchange(mechanism: ScramMechanism, users: Users, nonce: string): SaslExchange {
  const hash = HASHES[mechanism];
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  // As Kafka: nothing that helps to guess.
  const refused = () =>
    new Error(
      `Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism}`,
    );
  let begun:
    | {
        name: string;
        credential: ScramCredential;
        nonce: string;
        clientFirst: string;
        header: string;
        serverFirst: string;
      }
    | undefined;

  const first = (message: string) => {
    const match = CLIENT_FIRST.exec(message);
    if (!match) throw refused();
    const [, header = '', authorizationId, clientFirst = '', written = '', clientNonce = ''] = match;
    const name = written.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const isOther = authorizationId !== undefined && authorizationId !== '' && authorizationId !== written;
    const credential = users.scram(mechanism, name);
    if (isOther) throw refused();
    const { salt, iterations } = credential;
    const serverFirst = `r=${clientNonce}${nonce},s=${salt.toString('base64')},i=${iterations}`;
    begun = { name, credential, nonce: clientNonce + nonce, clientFirst, header, serverFirst };
    return { reply: Buffer.from(serverFirst) };
  };

  const last = (message: string, { name, credential, ...talk }: NonNullable<typeof begun>) => {
    const match = CLIENT_FINAL.exec(message);
    if (!match) throw refused();
    const [, withoutProof = '', binding = '', echoed = '', proof = ''] = match;
    const isBound = Buffer.from(binding, 'base64').toString() === talk.header;
    // As Kafka: librdkafka before 2.6.1 puts its own part in front of it a second time.
    if (!isBound || !echoed.endsWith(talk.nonce)) throw refused();
    const authMessage = `${talk.clientFirst},${talk.serverFirst},${withoutProof}`;
    const clientSignature = hmac(credential.storedKey, authMessage);
    const sent = Buffer.from(proof, 'base64');
    if (sent.length !== clientSignature.length) throw refused();
    const clientKey = sent.map((byte, i) => byte ^ clientSignature[i]!);
    const storedKey = createHash(hash).update(clientKey).digest();
    if (!timingSafeEqual(storedKey, credential.storedKey)) throw refused();
    return { reply: Buffer.from(`v=${hmac(credential.serverKey, authMessage).toString('base64')}`), user: name };
  };

  return { next: (message) => (begun ? last(message.toString(), begun) : first(message.toString())) };
}

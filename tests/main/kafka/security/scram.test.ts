import { describe, expect, test } from 'vitest';
import { Scram } from '../../../../main/kafka/security/sasl/scram.ts';

/** The example of RFC 7677. */
const USER = { username: 'user', password: 'pencil', tokenAuth: false };
const NONCE = 'rOprNGfwEbeRWgbNEkqO';
const SERVER_NONCE = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`;
const SERVER_FIRST = `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const SERVER_FINAL = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

const begin = (credentials = USER) => new Scram('SCRAM-SHA-256', credentials, () => NONCE).begin();

describe('SCRAM', () => {
  test('says what the RFC’s example says', async () => {
    const exchange = await begin();
    expect(String(exchange.initial)).toBe(`n,,n=user,r=${NONCE}`);
    expect(String(await exchange.next(Buffer.from(SERVER_FIRST)))).toBe(
      `c=biws,r=${SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
    );
    expect(exchange.isComplete).toBe(false);
    expect(await exchange.next(Buffer.from(SERVER_FINAL))).toBeNull();
    expect(exchange.isComplete).toBe(true);
  });

  test('writes names with commas and equals signs as the RFC does, and says that a token is one', async () => {
    const { initial } = await begin({ username: 'a,b=c', password: 'p', tokenAuth: true });
    expect(String(initial)).toBe(`n,,n=a=2Cb=3Dc,r=${NONCE},tokenauth=true`);
  });

  test.each([
    ['another nonce', SERVER_FIRST.replace('rOpr', 'xOpr'), /does not start with client nonce/],
    ['too few iterations', SERVER_FIRST.replace('4096', '4095'), /less than the minimum 4096/],
    ['iterations without end', SERVER_FIRST.replace('4096', '999999999'), /more than the maximum/],
    ['nothing that fits', 'hello', /format/],
    ['success at once', '', /format/],
  ])('refuses a server that begins with %s', async (_, first, message) => {
    const exchange = await begin();
    await expect(exchange.next(Buffer.from(first))).rejects.toMatchObject({
      name: 'SaslAuthenticationException',
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['another signature', SERVER_FINAL.replace('6rri', '7rri'), /Invalid server signature/],
    ['no signature', '', /Invalid server signature/],
    ['an error', 'e=invalid-proof', /refused the credential: invalid-proof/],
  ])('refuses a server that ends with %s', async (_, final, message) => {
    const exchange = await begin();
    await exchange.next(Buffer.from(SERVER_FIRST));
    await expect(exchange.next(Buffer.from(final))).rejects.toThrow(message);
    expect(exchange.isComplete).toBe(false);
  });
});

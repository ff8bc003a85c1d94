import { describe, expect, test } from 'vitest';
import { Tokens, tokenOf } from '../../../../main/kafka/security/sasl/tokens.ts';
import { extensionsOf, unsecuredTokens } from '../../../../main/kafka/security/sasl/unsecured-token.ts';
import { MockTime } from '../../../kit/mock-time.ts';

const RULES = { windowFactor: 0.8, windowJitter: 0.05, minPeriodSeconds: 60, bufferSeconds: 300 };
const HOUR_MS = 3_600_000;
const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());

describe('a token', () => {
  test('is fetched once for all, and again in the last part of its life', async () => {
    const time = new MockTime();
    let fetched = 0;
    const source = async () => ({ value: `${++fetched}`, expiresAtMs: time.milliseconds() + HOUR_MS });
    const tokens = new Tokens(source, RULES, time, () => 0);
    const values = await Promise.all([tokens.current(), tokens.current()]);
    expect(values.map(({ value }) => value)).toEqual(['1', '1']);
    await time.advance(0.79 * HOUR_MS);
    expect((await tokens.current()).value).toBe('1');
    await time.advance(0.02 * HOUR_MS);
    expect((await tokens.current()).value).toBe('2');
  });

  test('that still holds is used while no other can be had', async () => {
    const time = new MockTime();
    let away = false;
    const source = async () => {
      if (away) throw new Error('away');
      return { value: 'held', expiresAtMs: time.milliseconds() + HOUR_MS };
    };
    const tokens = new Tokens(source, RULES, time, () => 0);
    await tokens.current();
    away = true;
    await time.advance(0.9 * HOUR_MS);
    expect((await tokens.current()).value).toBe('held');
    await time.advance(0.2 * HOUR_MS);
    await expect(tokens.current()).rejects.toThrow('away');
  });

  test('that has expired when it comes is refused', async () => {
    const time = new MockTime();
    const tokens = new Tokens(
      async () => ({ value: 'late', expiresAtMs: time.milliseconds() }),
      RULES,
      time,
      () => 0,
    );
    await expect(tokens.current()).rejects.toMatchObject({ hint: expect.stringContaining('clocks') });
  });

  test.each(['secret-thing', 'secret.thing', 'e30.secret-thing.', jwt({ sub: 'secret-thing' })])(
    'that is no JWT with an expiry is refused without being shown: %s',
    (value) => {
      let message = '';
      try {
        tokenOf(value, 'the endpoint');
      } catch (error) {
        ({ message } = error as Error);
      }
      expect(message).toMatch(/^What the endpoint gave is no JWT/);
      expect(message).not.toContain('secret');
    },
  );
});

describe('an unsecured token', () => {
  test('has the claims of the login module’s options', async () => {
    const time = new MockTime();
    const options = new Map([
      ['unsecuredLoginStringClaim_sub', 'alice'],
      ['unsecuredLoginNumberClaim_level', '2.5'],
      ['unsecuredLoginListClaim_scope', '|a|b'],
      ['unsecuredLoginLifetimeSeconds', '60'],
      ['unsecuredLoginExtension_traceId', '123'],
    ]);
    const { value, expiresAtMs } = await unsecuredTokens(options, time)();
    const now = time.milliseconds() / 1_000;
    expect(claimsIn(value)).toEqual({ sub: 'alice', level: 2.5, scope: ['a', 'b'], iat: now, exp: now + 60 });
    expect(expiresAtMs).toBe(time.milliseconds() + 60_000);
    expect(extensionsOf(options)).toEqual(new Map([['traceId', '123']]));
  });

  test.each([
    [{}, /No principal name in JWT claim: sub/],
    [
      { unsecuredLoginStringClaim_sub: 'a', unsecuredLoginNumberClaim_exp: '1' },
      /Cannot explicitly set the 'exp' claim/,
    ],
    [{ unsecuredLoginStringClaim_sub: 'a', unsecuredLoginLifetimeSeconds: 'x' }, /For input string: "x"/],
  ])('of %j is refused', (options, message) => {
    expect(() => unsecuredTokens(new Map(Object.entries(options)), new MockTime())).toThrow(message);
  });
});

/** Beyond this many digits a number is not written out: `1e999999999` would take a gigabyte. */
const MAX_SCALE = 10_000;

/**
 * An exact decimal number, `unscaled` / 10^`scale`. Java: `java.math.BigDecimal` (the scale may be negative; 1.0 and
 * 1.00 differ).
 */
export class Decimal {
  readonly unscaled: bigint;
  /** int32 */
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** Reads `-12.50`, `1e3`, `.5`, `5.`; undefined for anything else. The scale is kept as written. */
  static parse(text: string): Decimal | undefined {
    const match = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,10}))?$/.exec(text);
    if (match === null) return undefined;
    const [, sign, whole = '', fraction = match[4] ?? '', , exponent = '0'] = match;
    const scale = fraction.length - Number(exponent);
    if (scale > 2 ** 31 - 1 || scale < -(2 ** 31)) return undefined;
    const digits = BigInt(whole + fraction);
    return new Decimal(sign === '-' ? -digits : digits, scale);
  }

  equals(other: unknown): boolean {
    return other instanceof Decimal && this.unscaled === other.unscaled && this.scale === other.scale;
  }

  /** The integer that it is; undefined when there is a fraction, or when it is absurdly large. */
  toBigInt(): bigint | undefined {
    if (this.scale <= 0) return this.scale < -MAX_SCALE ? undefined : this.unscaled * 10n ** BigInt(-this.scale);
    if (this.unscaled === 0n) return 0n;
    if (this.scale > MAX_SCALE) return undefined;
    const unit = 10n ** BigInt(this.scale);
    return this.unscaled % unit === 0n ? this.unscaled / unit : undefined;
  }

  /** Without its fraction; undefined when it is absurdly large. */
  truncated(): bigint | undefined {
    if (this.scale <= 0) return this.toBigInt();
    return this.scale > MAX_SCALE ? 0n : this.unscaled / 10n ** BigInt(this.scale);
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(`${this.unscaled}e${-this.scale}`);
  }

  /** Java: `BigDecimal.toString`: `12.50`, `1E+3`, `1.2E-8`. */
  toString(): string {
    const sign = this.unscaled < 0n ? '-' : '';
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString();
    if (this.scale === 0) return sign + digits;
    const exponent = digits.length - 1 - this.scale;
    if (this.scale > 0 && exponent >= -6) return sign + withPoint(digits, this.scale);
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}${exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`}`;
  }

  /** Big-endian two's complement, as short as possible. Java: `BigInteger.toByteArray`. */
  unscaledBytes(): Uint8Array {
    const magnitude = this.unscaled < 0n ? -this.unscaled - 1n : this.unscaled;
    const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
    const length = Math.floor(bits / 8) + 1;
    const hex = BigInt.asUintN(length * 8, this.unscaled)
      .toString(16)
      .padStart(length * 2, '0');
    return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16));
  }

  /** Undefined for no bytes at all (Java: `Zero length BigInteger`). */
  static fromUnscaledBytes(bytes: Uint8Array, scale: number): Decimal | undefined {
    if (bytes.length === 0) return undefined;
    let hex = '0x';
    for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
    return new Decimal(BigInt.asIntN(bytes.length * 8, BigInt(hex)), scale);
  }
}

function withPoint(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

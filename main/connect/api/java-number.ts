/**
 * How Java prints a double: the shortest digits that read back as the same number, at least two of them, with an
 * exponent outside 10^-3 … 10^7: `1.0`, `1.0E10`, `4.9E-324`. Java: `Double.toString` since JDK 19; older ones print
 * a digit more for a few numbers (JDK-4511638).
 */
export function javaDouble(value: number): string {
  if (Number.isInteger(value) && value < 1e7 && value > -1e7) return `${Object.is(value, -0) ? '-0' : value}.0`;
  if (!Number.isFinite(value)) return String(value);
  const text = value.toExponential();
  const sure = text.charCodeAt(value < 0 ? 2 : 1) === POINT ? text : twoDigits(value, text, Number);
  return layOut(sure);
}

/** The same for a float. `value` is the float as a double. Java: `Float.toString`. */
export function javaFloat(value: number): string {
  if (Number.isInteger(value) && value < 1e7 && value > -1e7) return `${Object.is(value, -0) ? '-0' : value}.0`;
  if (!Number.isFinite(value)) return String(value);
  const float = Math.fround(value);
  if (!Number.isFinite(float)) return String(float);
  for (let digits = 1; digits < 9; digits++) {
    const text = float.toExponential(digits);
    if (Math.fround(Number(text)) === float) return layOut(text);
  }
  return layOut(float.toExponential(9));
}

const POINT = 0x2e;

/** With two digits there may be a nearer number than the shortest one: 4.9E-324, not 5.0E-324. */
function twoDigits(value: number, shortest: string, read: (text: string) => number): string {
  const text = value.toExponential(1);
  return read(text) === value ? text : shortest;
}

/** From JavaScript's `-1.25e+10` to Java's `-1.25E10`, `1250.0`, `0.00125`. */
function layOut(text: string): string {
  const at = text.indexOf('e');
  const exponent = Number(text.slice(at + 1));
  const negative = text.charCodeAt(0) === 0x2d;
  const digits = trimZeros((text[negative ? 1 : 0] as string) + text.slice(negative ? 3 : 2, at));
  const sign = negative ? '-' : '';
  if (exponent >= 7 || exponent < -3) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 1 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}

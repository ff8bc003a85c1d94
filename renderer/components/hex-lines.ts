/** One line of a dump: where it begins, its bytes as hex, and as ASCII with dots for the rest. */
export interface HexLine {
  offset: string;
  hex: string;
  ascii: string;
}

export const BYTES_PER_LINE = 8;

/** `digits` is how wide offsets are, so that all lines of a dump align. */
export function hexLine(bytes: Uint8Array, line: number, digits: number): HexLine {
  const from = line * BYTES_PER_LINE;
  const part = bytes.subarray(from, from + BYTES_PER_LINE);
  return {
    offset: from.toString(16).padStart(digits, '0'),
    hex: [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    ascii: [...part].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
  };
}

/** The first bytes for a list: `00 00 00 00 2a 12`. */
export function hexPrefix(bytes: Uint8Array, count: number): string {
  const hex = [...bytes.subarray(0, count)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > count ? `${hex} …` : hex;
}

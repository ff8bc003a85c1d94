import { dayNumber, MS_PER_DAY } from '../../api/hybrid-calendar.ts';
import { MONTHS, short, WEEKDAYS, ZONES } from './names.ts';
import type { PatternPiece } from './pattern.ts';

/** Letters that say nothing about the instant, or that only writing knows. */
const NOT_READ = 'YwWF';

/** Undefined when the pattern can be read by, else the letter that can't. */
export function unreadableLetter(pieces: readonly PatternPiece[]): string | undefined {
  for (const piece of pieces) if ('letter' in piece && NOT_READ.includes(piece.letter)) return piece.letter;
  return undefined;
}

/**
 * The instant, ms since 1970 UTC, that a text means by SimpleDateFormat's pattern; undefined when it does not match.
 * Lenient as Java is: February 30 is in March, what follows the pattern is not looked at. Years of two digits are
 * 1950 to 2049 (in Java that moves with the clock).
 */
export function readDate(pieces: readonly PatternPiece[], text: string): bigint | undefined {
  const reader = new DateReader(text);
  for (const [i, piece] of pieces.entries()) {
    const next = pieces[i + 1];
    const read = 'literal' in piece ? reader.literal(piece.literal) : reader.field(piece, next);
    if (!read) return undefined;
  }
  return reader.instant();
}

class DateReader {
  readonly #text: string;
  #at = 0;
  #year = 1970;
  #beforeChrist = false;
  #month = 0;
  #dayOfMonth = 1;
  #dayOfYear: number | null = null;
  #hour = 0;
  #halfHour: number | null = null;
  #afternoon = false;
  #minute = 0;
  #second = 0;
  #ms = 0;
  #zone = 0;

  constructor(text: string) {
    this.#text = text;
  }

  literal(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  field(piece: { letter: string; count: number }, next: PatternPiece | undefined): boolean {
    this.#at += (/^[ \t]*/.exec(this.#text.slice(this.#at)) as RegExpExecArray)[0].length;
    switch (piece.letter) {
      case 'G':
        return this.#name(['BC', 'AD'], (index) => {
          this.#beforeChrist = index === 0;
        });
      case 'M':
      case 'L':
        if (piece.count < 3) break;
        return this.#name([...MONTHS, ...MONTHS.map(short)], (index) => {
          this.#month = index % 12;
        });
      case 'E':
        return this.#name([...WEEKDAYS, ...WEEKDAYS.map(short)], () => undefined);
      case 'a':
        return this.#name(['AM', 'PM'], (index) => {
          this.#afternoon = index === 1;
        });
      case 'z':
      case 'Z':
      case 'X':
        return this.#readZone(piece);
    }
    const adjacent = next !== undefined && 'letter' in next && isNumeric(next);
    const width = adjacent ? `{1,${piece.count}}` : '{1,18}';
    const match = new RegExp(`^-?\\d${width}`).exec(
      this.#text.slice(this.#at, adjacent ? this.#at + piece.count : undefined),
    );
    if (match === null) return false;
    this.#at += match[0].length;
    return this.#number(piece, Number(match[0]), match[0]);
  }

  #number({ letter, count }: { letter: string; count: number }, value: number, digits: string): boolean {
    if (!Number.isSafeInteger(value)) return false;
    switch (letter) {
      case 'y':
        this.#year = count <= 2 && /^\d\d$/.test(digits) ? value + (value < 50 ? 2000 : 1900) : value;
        break;
      case 'M':
      case 'L':
        this.#month = value - 1;
        break;
      case 'd':
        this.#dayOfMonth = value;
        break;
      case 'D':
        this.#dayOfYear = value;
        break;
      case 'H':
        this.#hour = value;
        break;
      case 'k':
        this.#hour = value === 24 ? 0 : value;
        break;
      case 'K':
        this.#halfHour = value;
        break;
      case 'h':
        this.#halfHour = value === 12 ? 0 : value;
        break;
      case 'm':
        this.#minute = value;
        break;
      case 's':
        this.#second = value;
        break;
      case 'S':
        this.#ms = value;
        break;
    }
    return true;
  }

  /** The longest name that stands here, in any case. */
  #name(names: readonly string[], use: (index: number) => void): boolean {
    let best = -1;
    for (const [i, name] of names.entries()) {
      const found = this.#text.slice(this.#at, this.#at + name.length);
      if (found.toLowerCase() === name.toLowerCase() && name.length > (names[best]?.length ?? 0)) best = i;
    }
    if (best < 0) return false;
    this.#at += (names[best] as string).length;
    use(best);
    return true;
  }

  /** `Z`, `+01`, `+0100`, `+01:00` for X by its count; `+0100`, `GMT+1:00` or a name for z and Z. */
  #readZone({ letter, count }: { letter: string; count: number }): boolean {
    const rest = this.#text.slice(this.#at);
    if (letter === 'X') {
      const pattern = [/^(?:Z|([+-])(\d\d))/, /^(?:Z|([+-])(\d\d)(\d\d))/, /^(?:Z|([+-])(\d\d):(\d\d))/][count - 1];
      return this.#offset(pattern?.exec(rest) ?? null);
    }
    const offset = /^(?:GMT)?([+-])(\d{1,2}):?(\d\d)/i.exec(rest);
    if (offset !== null) return this.#offset(offset);
    const name = /^[A-Za-z]+/.exec(rest)?.[0];
    const minutes = name === undefined ? undefined : ZONES.get(name.toUpperCase());
    if (name === undefined || minutes === undefined) return false;
    this.#at += name.length;
    this.#zone = minutes;
    return true;
  }

  #offset(match: RegExpExecArray | null): boolean {
    if (match === null) return false;
    const [all, sign, hours = '0', minutes = '0'] = match;
    if (Number(hours) > 23 || Number(minutes) > 59) return false;
    this.#at += all.length;
    this.#zone = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    return true;
  }

  instant(): bigint | undefined {
    const year = this.#beforeChrist ? 1 - this.#year : this.#year;
    const day =
      this.#dayOfYear === null
        ? dayNumber(year, this.#month, this.#dayOfMonth)
        : dayNumber(year, 0, 1) + this.#dayOfYear - 1;
    const hour = this.#halfHour === null ? this.#hour : this.#halfHour + (this.#afternoon ? 12 : 0);
    const clock = ((hour * 60 + this.#minute - this.#zone) * 60 + this.#second) * 1000 + this.#ms;
    return Number.isSafeInteger(day) && Number.isSafeInteger(clock)
      ? BigInt(day) * BigInt(MS_PER_DAY) + BigInt(clock)
      : undefined;
  }
}

function isNumeric({ letter, count }: { letter: string; count: number }): boolean {
  if (letter === 'M' || letter === 'L') return count < 3;
  return !'GEazZX'.includes(letter);
}

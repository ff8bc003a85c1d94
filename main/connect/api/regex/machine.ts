import { isWord } from './char-sets.ts';
import type { Program } from './program.ts';
import { type Assertion, foldedText } from './syntax.ts';

/** Enough for any sane pattern on a long text, some 50 ms; beyond it the pattern is called too expensive. */
const MAX_STEPS = 2_000_000;
const MAX_VISITED_BITS = 64_000_000;

/** The pattern needs too many steps for this text. */
export class RegexTooExpensive extends Error {
  constructor() {
    super('The regular expression takes too long on this text');
  }
}

/**
 * Runs a program over a text. Backtracks as Java does, so the same match is found; but a state (instruction and
 * position) that failed once is not tried again, so time grows with pattern times text, never exponentially.
 * (Russ Cox, "Regular Expression Matching: the Virtual Machine Approach"; RE2's BitState.) With backreferences that
 * is not possible, and the count of steps is bounded instead.
 */
export class Machine {
  readonly #text: string;
  #steps = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Slots of the match that starts at `start` (and, if asked, ends at the end); null for none. */
  match(program: Program, start: number, toEnd: boolean): number[] | null {
    const slots = new Array<number>(program.slots).fill(-1);
    return this.#run(program, start, slots, toEnd ? this.#text.length : -1, null) ? slots : null;
  }

  /** The first match at or after `start`. */
  find(program: Program, start: number): number[] | null {
    const visited = visitedFor(program, this.#text.length);
    for (let at = start; at <= this.#text.length; at++) {
      if (at > 0 && isLowSurrogate(this.#text.charCodeAt(at)) && isHighSurrogate(this.#text.charCodeAt(at - 1)))
        continue;
      const slots = new Array<number>(program.slots).fill(-1);
      if (this.#run(program, at, slots, -1, visited)) return slots;
    }
    return null;
  }

  /** `end`: where the match has to end, -1 for anywhere. On success `slots` holds the groups and 0 and 1 the whole. */
  #run(program: Program, start: number, slots: number[], end: number, shared: Uint32Array | null): boolean {
    const { instructions } = program;
    const text = this.#text;
    const width = text.length + 1;
    const visited = shared ?? visitedFor(program, text.length);
    // Branches to come back to: instruction and position; or a slot's old value, as -1 - slot.
    const stack: number[] = [0, start];
    while (stack.length > 0) {
      let at = stack.pop() as number;
      let pc = stack.pop() as number;
      if (pc < 0) {
        slots[-1 - pc] = at;
        continue;
      }
      for (;;) {
        if (++this.#steps > MAX_STEPS) throw new RegexTooExpensive();
        const instruction = instructions[pc];
        if (instruction === undefined) break;
        if (visited !== null && (instruction.op === 'split' || instruction.op === 'match')) {
          const state = pc * width + at;
          const bit = 1 << (state & 31);
          if (((visited[state >>> 5] as number) & bit) !== 0) break;
          visited[state >>> 5] = (visited[state >>> 5] as number) | bit;
        }
        if (instruction.op === 'set') {
          if (at >= text.length) break;
          const code = text.charCodeAt(at);
          const codePoint = code >= 0xd800 && code <= 0xdbff ? (text.codePointAt(at) as number) : code;
          if (!instruction.set(codePoint)) break;
          at += codePoint > 0xffff ? 2 : 1;
          pc++;
        } else if (instruction.op === 'split') {
          stack.push(instruction.second, at);
          pc = instruction.first;
        } else if (instruction.op === 'jump') pc = instruction.to;
        else if (instruction.op === 'save') {
          stack.push(-1 - instruction.slot, slots[instruction.slot] as number);
          slots[instruction.slot] = at;
          pc++;
        } else if (instruction.op === 'loop') {
          // A turn that consumes nothing ends the loop.
          if (slots[instruction.slot] === at) break;
          stack.push(-1 - instruction.slot, slots[instruction.slot] as number);
          slots[instruction.slot] = at;
          pc++;
        } else if (instruction.op === 'match') {
          if (end >= 0 && at !== end) break;
          slots[0] = start;
          slots[1] = at;
          return true;
        } else if (instruction.op === 'assert') {
          if (!this.#holds(instruction.at, at)) break;
          pc++;
        } else if (instruction.op === 'backreference') {
          const [from, to] = [slots[instruction.group * 2], slots[instruction.group * 2 + 1]] as [number, number];
          if (from === undefined || from < 0 || to < 0) break;
          const wanted = text.slice(from, to);
          const found = text.slice(at, at + wanted.length);
          if (foldedText(found, instruction.fold) !== foldedText(wanted, instruction.fold)) break;
          at += wanted.length;
          pc++;
        } else {
          const inner = [...slots];
          const matched =
            instruction.op === 'look' && instruction.behind
              ? this.#endsHere(instruction.program, at, inner)
              : this.#run(instruction.program, at, inner, -1, null);
          if (matched === (instruction.op === 'look' && instruction.negated)) break;
          if (matched) {
            const after = inner[1] as number;
            for (let slot = 2; slot < slots.length; slot++) {
              if (inner[slot] === slots[slot]) continue;
              stack.push(-1 - slot, slots[slot] as number);
              slots[slot] = inner[slot] as number;
            }
            if (instruction.op === 'atomic') at = after;
          }
          pc++;
        }
      }
    }
    return false;
  }

  /** Lookbehind: some start before this from which it ends here; the nearest first. */
  #endsHere(program: Program, end: number, slots: number[]): boolean {
    for (let start = end; start >= 0; start--) if (this.#run(program, start, slots, end, null)) return true;
    return false;
  }

  #holds(assertion: Assertion, at: number): boolean {
    const text = this.#text;
    switch (assertion) {
      case 'start':
        return at === 0;
      case 'end':
        return at === text.length;
      case 'end-or-last-line':
        return at === text.length || (at === text.length - lastLineEnd(text) && !splitsLineEnd(text, at));
      case 'line-start':
        return at === 0 || (at < text.length && isLineEnd(text.charCodeAt(at - 1)) && !splitsLineEnd(text, at));
      case 'line-end':
        return at === text.length || (isLineEnd(text.charCodeAt(at)) && !splitsLineEnd(text, at));
      default: {
        const boundary = isWordAt(text, at - 1) !== isWordAt(text, at);
        return boundary === (assertion === 'boundary');
      }
    }
  }
}

/** A bit for each instruction at each position; null when states can't be told apart by these alone. */
function visitedFor(program: Program, length: number): Uint32Array | null {
  if (program.hasBackreferences) return null;
  const bits = program.instructions.length * (length + 1);
  if (bits > MAX_VISITED_BITS) throw new RegexTooExpensive();
  return new Uint32Array((bits >>> 5) + 1);
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isWord(text.charCodeAt(at));
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Between the two characters of CR LF. */
function splitsLineEnd(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x0a && text.charCodeAt(at - 1) === 0x0d;
}

/** How many characters the line end takes with which the text ends. */
function lastLineEnd(text: string): number {
  if (text.endsWith('\r\n')) return 2;
  return text.length > 0 && isLineEnd(text.charCodeAt(text.length - 1)) ? 1 : 0;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

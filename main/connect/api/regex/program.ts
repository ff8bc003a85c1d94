import type { Assertion, CharSet, Fold, RegexNode, RegexSyntax } from './syntax.ts';

/** One step of a compiled expression; `next` and the like are indices of instructions. */
export type Instruction =
  | { op: 'set'; set: CharSet }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { op: 'save'; slot: number }
  | { op: 'loop'; slot: number }
  | { op: 'assert'; at: Assertion }
  | { op: 'look'; program: Program; behind: boolean; negated: boolean }
  | { op: 'atomic'; program: Program }
  | { op: 'backreference'; group: number; fold: Fold }
  | { op: 'match' };

export interface Program {
  instructions: readonly Instruction[];
  /** Two for each group, the whole match first; then one for each loop. */
  slots: number;
  /** With a backreference the outcome depends on more than instruction and position. */
  hasBackreferences: boolean;
}

const MAX_INSTRUCTIONS = 20_000;

/** Instructions for a backtracking machine (Thompson's, with priorities). Throws Error when it grows too large. */
export function compileRegex({ root, groupCount }: RegexSyntax): Program {
  const shared = { slots: (groupCount + 1) * 2, size: 0, hasBackreferences: false };
  const instructions = new Compiler(shared).compile(root);
  const program: Program = { instructions, slots: shared.slots, hasBackreferences: shared.hasBackreferences };
  spread(program, program);
  return program;
}

/** Parts share the whole's slots. */
function spread(program: Program, whole: Program): void {
  for (const instruction of program.instructions)
    if (instruction.op === 'look' || instruction.op === 'atomic') {
      instruction.program.slots = whole.slots;
      instruction.program.hasBackreferences = whole.hasBackreferences;
      spread(instruction.program, whole);
    }
}

class Compiler {
  readonly #shared: { slots: number; size: number; hasBackreferences: boolean };
  readonly #instructions: Instruction[] = [];

  constructor(shared: { slots: number; size: number; hasBackreferences: boolean }) {
    this.#shared = shared;
  }

  compile(root: RegexNode): readonly Instruction[] {
    this.#node(root);
    this.#emit({ op: 'match' });
    return this.#instructions;
  }

  #emit<T extends Instruction>(instruction: T): T {
    if (++this.#shared.size > MAX_INSTRUCTIONS) throw new Error('The regular expression is too large');
    this.#instructions.push(instruction);
    return instruction;
  }

  #next(): number {
    return this.#instructions.length;
  }

  #node(node: RegexNode): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'set':
        this.#emit({ op: 'set', set: node.set });
        return;
      case 'sequence':
        for (const item of node.items) this.#node(item);
        return;
      case 'choice':
        this.#choice(node.options);
        return;
      case 'group':
        this.#emit({ op: 'save', slot: node.index * 2 });
        this.#node(node.body);
        this.#emit({ op: 'save', slot: node.index * 2 + 1 });
        return;
      case 'repeat':
        if (node.mode === 'possessive') this.#atomic({ ...node, mode: 'greedy' });
        else this.#repeat(node.body, node.min, node.max, node.mode === 'lazy');
        return;
      case 'atomic':
        this.#atomic(node.body);
        return;
      case 'look':
        this.#emit({ op: 'look', program: this.#part(node.body), behind: node.behind, negated: node.negated });
        return;
      case 'assertion':
        this.#emit({ op: 'assert', at: node.at });
        return;
      case 'backreference':
        this.#shared.hasBackreferences = true;
        this.#emit({ op: 'backreference', group: node.group, fold: node.fold });
        return;
    }
  }

  #part(body: RegexNode): Program {
    return { instructions: new Compiler(this.#shared).compile(body), slots: 0, hasBackreferences: false };
  }

  #atomic(body: RegexNode): void {
    this.#emit({ op: 'atomic', program: this.#part(body) });
  }

  #choice(options: readonly RegexNode[]): void {
    const ends: { to: number }[] = [];
    for (const [i, option] of options.entries()) {
      const last = i === options.length - 1;
      const split = last ? undefined : this.#emit({ op: 'split', first: 0, second: 0 });
      if (split !== undefined) split.first = this.#next();
      this.#node(option);
      if (!last) ends.push(this.#emit({ op: 'jump', to: 0 }));
      if (split !== undefined) split.second = this.#next();
    }
    for (const end of ends) end.to = this.#next();
  }

  #repeat(body: RegexNode, min: number, max: number, lazy: boolean): void {
    for (let i = 0; i < min; i++) this.#node(body);
    if (max === Number.POSITIVE_INFINITY) {
      const start = this.#next();
      const split = this.#emit({ op: 'split', first: 0, second: 0 });
      const inside = this.#next();
      this.#emit({ op: 'loop', slot: this.#shared.slots++ });
      this.#node(body);
      this.#emit({ op: 'jump', to: start });
      this.#aim(split, inside, this.#next(), lazy);
      return;
    }
    const splits: { split: { first: number; second: number }; inside: number }[] = [];
    for (let i = min; i < max; i++) {
      const split = this.#emit({ op: 'split', first: 0, second: 0 });
      splits.push({ split, inside: this.#next() });
      this.#node(body);
    }
    for (const { split, inside } of splits) this.#aim(split, inside, this.#next(), lazy);
  }

  #aim(split: { first: number; second: number }, inside: number, after: number, lazy: boolean): void {
    split.first = lazy ? after : inside;
    split.second = lazy ? inside : after;
  }
}

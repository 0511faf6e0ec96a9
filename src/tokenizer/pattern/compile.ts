// From a regular expression's tree to a program for the matcher.
import { type Node, PatternError, parsePattern } from './parse';

/** Each instruction is three numbers: what, and two operands. */
export const OP = {
  /** a: the character. b: 1 to look behind. */
  character: 0,
  /** a: the set. b: 1 to look behind. */
  set: 1,
  /** Goes on at a, and at b if that fails. */
  split: 2,
  jump: 3,
  /** Remembers the place in register a. */
  save: 4,
  /** Fails at the place that register a remembers: a round of a loop that took nothing. */
  moved: 5,
  /** Forgets the registers from a to before b. */
  forget: 6,
  /** Fails unless the instructions that follow match here; goes on at a. b: 1 if they must not. */
  look: 7,
  accept: 8,
  /** a: 0 for the beginning of the text, 1 for its end. */
  edge: 9,
} as const;

export interface Program {
  readonly code: Int32Array;
  /** Whether a character is in a set. */
  readonly sets: readonly ((code: number) => boolean)[];
  readonly numRegisters: number;
  readonly numCaptures: number;
}

/** Characters of which each set knows at once whether it has them, and how many others it remembers. */
const LATIN = 0x300;
const MAX_KNOWN = 10_000;

type Repeat = Extract<Node, { kind: 'repeat' }>;

/** Instructions of the largest program: repetitions are written out. */
export const MAX_INSTRUCTIONS = 20_000;

/** The program of a source that RegExp takes with the flag u. Throws PatternError. */
export function compilePattern(source: string): Program {
  const { root, numCaptures } = parsePattern(source);
  return new Writer(numCaptures).program(root);
}

/** Writes instructions. Behind is before: what looks behind is written from its end, and read backwards. */
class Writer {
  readonly #code: number[] = [];
  readonly #sets = new Map<string, number>();
  #numRegisters: number;

  constructor(private readonly numCaptures: number) {
    this.#numRegisters = 2 * (numCaptures + 1);
  }

  program(root: Node): Program {
    this.#write(root, false);
    this.#emit(OP.accept);
    return {
      code: Int32Array.from(this.#code),
      sets: [...this.#sets.keys()].map(memberOf),
      numRegisters: this.#numRegisters,
      numCaptures: this.numCaptures,
    };
  }

  /** Returns the place of the instruction. */
  #emit(op: number, a = 0, b = 0): number {
    if (this.#code.length >= 3 * MAX_INSTRUCTIONS)
      throw new PatternError(`repetitions that make more than ${MAX_INSTRUCTIONS} steps when written out`);
    return this.#code.push(op, a, b) / 3 - 1;
  }

  /** The place of the next instruction. */
  get #here(): number {
    return this.#code.length / 3;
  }

  #setOperand(instruction: number, operand: 1 | 2, value: number): void {
    this.#code[instruction * 3 + operand] = value;
  }

  #write(node: Node, isBehind: boolean): void {
    const back = isBehind ? 1 : 0;
    switch (node.kind) {
      case 'character':
        this.#emit(OP.character, node.code, back);
        return;
      case 'set': {
        const index = this.#sets.get(node.source) ?? this.#sets.size;
        this.#sets.set(node.source, index);
        this.#emit(OP.set, index, back);
        return;
      }
      case 'edge':
        this.#emit(OP.edge, node.isEnd ? 1 : 0);
        return;
      case 'sequence':
        for (const part of isBehind ? [...node.parts].reverse() : node.parts) this.#write(part, isBehind);
        return;
      case 'choice':
        this.#writeChoice(node.options, isBehind);
        return;
      case 'capture':
        this.#emit(OP.save, 2 * node.index + back);
        this.#write(node.body, isBehind);
        this.#emit(OP.save, 2 * node.index + 1 - back);
        return;
      case 'look': {
        const look = this.#emit(OP.look, 0, node.isNegative ? 1 : 0);
        this.#write(node.body, node.isBehind);
        this.#emit(OP.accept);
        this.#setOperand(look, 1, this.#here);
        return;
      }
      case 'repeat':
        this.#writeRepeat(node, isBehind);
    }
  }

  #writeChoice(options: readonly Node[], isBehind: boolean): void {
    const jumps: number[] = [];
    options.forEach((option, i) => {
      const isLast = i === options.length - 1;
      const split = isLast ? -1 : this.#emit(OP.split, this.#here + 1);
      this.#write(option, isBehind);
      if (isLast) return;
      jumps.push(this.#emit(OP.jump));
      this.#setOperand(split, 2, this.#here);
    });
    for (const jump of jumps) this.#setOperand(jump, 1, this.#here);
  }

  #writeRepeat(node: Repeat, isBehind: boolean): void {
    const { least, most, isLazy } = node;
    const leave = (split: number) => {
      this.#setOperand(split, isLazy ? 2 : 1, split + 1);
      this.#setOperand(split, isLazy ? 1 : 2, this.#here);
    };
    for (let i = 0; i < least; i++) this.#writeRound(node, isBehind);
    if (most === Infinity) {
      const split = this.#writeOptionalRound(node, isBehind);
      this.#emit(OP.jump, split);
      leave(split);
      return;
    }
    const splits = [];
    for (let i = least; i < most; i++) splits.push(this.#writeOptionalRound(node, isBehind));
    for (const split of splits) leave(split);
  }

  #writeRound({ body, captures: [first, end] }: Repeat, isBehind: boolean): void {
    if (end > first) this.#emit(OP.forget, 2 * (first + 1), 2 * (end + 1));
    this.#write(body, isBehind);
  }

  /** A round that may be left out, and must take something where it is not. Returns the place of its split. */
  #writeOptionalRound(node: Repeat, isBehind: boolean): number {
    const split = this.#emit(OP.split);
    const mark = this.#numRegisters++;
    this.#emit(OP.save, mark);
    this.#writeRound(node, isBehind);
    this.#emit(OP.moved, mark);
    return split;
  }
}

/** RegExp itself says which characters a set has: one character cannot take it long. */
function memberOf(source: string): (code: number) => boolean {
  const pattern = new RegExp(`^${source}$`, 'u');
  const test = (code: number) => (pattern.test(String.fromCodePoint(code)) ? 1 : 2);
  const few = new Uint8Array(LATIN);
  const many = new Map<number, number>();
  return (code) => {
    let known = code < LATIN ? (few[code] as number) : (many.get(code) ?? 0);
    if (known !== 0) return known === 1;
    known = test(code);
    if (code < LATIN) few[code] = known;
    else if (many.size < MAX_KNOWN) many.set(code, known);
    return known === 1;
  };
}

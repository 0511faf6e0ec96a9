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

/** Instructions of the largest program: repetitions are written out. */
export const MAX_INSTRUCTIONS = 20_000;

/** The program of a source that RegExp takes with the flag u. Throws PatternError. */
export function compilePattern(source: string): Program {
  const { root, numCaptures } = parsePattern(source);
  const code: number[] = [];
  const sets = new Map<string, number>();
  let numRegisters = 2 * (numCaptures + 1);

  const emit = (op: number, a = 0, b = 0): number => {
    if (code.length >= 3 * MAX_INSTRUCTIONS)
      throw new PatternError(`repetitions that make more than ${MAX_INSTRUCTIONS} steps when written out`);
    return code.push(op, a, b) / 3 - 1;
  };
  const here = () => code.length / 3;
  const setOperand = (instruction: number, operand: 1 | 2, value: number) => {
    code[instruction * 3 + operand] = value;
  };

  const write = (node: Node, isBehind: boolean): void => {
    const back = isBehind ? 1 : 0;
    switch (node.kind) {
      case 'character':
        emit(OP.character, node.code, back);
        return;
      case 'set': {
        const index = sets.get(node.source) ?? sets.size;
        sets.set(node.source, index);
        emit(OP.set, index, back);
        return;
      }
      case 'edge':
        emit(OP.edge, node.isEnd ? 1 : 0);
        return;
      case 'sequence':
        for (const part of isBehind ? [...node.parts].reverse() : node.parts) write(part, isBehind);
        return;
      case 'choice':
        writeChoice(node.options, isBehind);
        return;
      case 'capture':
        emit(OP.save, 2 * node.index + back);
        write(node.body, isBehind);
        emit(OP.save, 2 * node.index + 1 - back);
        return;
      case 'look': {
        const look = emit(OP.look, 0, node.isNegative ? 1 : 0);
        write(node.body, node.isBehind);
        emit(OP.accept);
        setOperand(look, 1, here());
        return;
      }
      case 'repeat':
        writeRepeat(node, isBehind);
    }
  };

  const writeChoice = (options: readonly Node[], isBehind: boolean) => {
    const jumps: number[] = [];
    options.forEach((option, i) => {
      const isLast = i === options.length - 1;
      const split = isLast ? -1 : emit(OP.split, here() + 1);
      write(option, isBehind);
      if (isLast) return;
      jumps.push(emit(OP.jump));
      setOperand(split, 2, here());
    });
    for (const jump of jumps) setOperand(jump, 1, here());
  };

  const writeRepeat = (node: Extract<Node, { kind: 'repeat' }>, isBehind: boolean) => {
    const { body, least, most, isLazy, captures } = node;
    const [first, end] = captures;
    const round = () => {
      if (end > first) emit(OP.forget, 2 * (first + 1), 2 * (end + 1));
      write(body, isBehind);
    };
    // What may be left out, and must take something where it is not.
    const optional = (): number => {
      const split = emit(OP.split);
      const mark = numRegisters++;
      emit(OP.save, mark);
      round();
      emit(OP.moved, mark);
      return split;
    };
    const leave = (split: number) => {
      setOperand(split, isLazy ? 2 : 1, split + 1);
      setOperand(split, isLazy ? 1 : 2, here());
    };
    for (let i = 0; i < least; i++) round();
    if (most === Infinity) {
      const split = optional();
      emit(OP.jump, split);
      leave(split);
      return;
    }
    const splits = [];
    for (let i = least; i < most; i++) splits.push(optional());
    for (const split of splits) leave(split);
  };

  write(root, false);
  emit(OP.accept);
  return { code: Int32Array.from(code), sets: [...sets.keys()].map(memberOf), numRegisters, numCaptures };
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

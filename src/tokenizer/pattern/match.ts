// Runs a compiled expression on a text as RegExp would, with alternatives tried in order, but counts its steps.
import { OP, type Program } from './compile';

/** Told of so many steps; ends the match by throwing. */
export type Spend = (steps: number) => void;

const STEPS_PER_REPORT = 10_000;
const UNSET = -1;

/**
 * A match that begins at `start`: the places of the whole and of each capture, two numbers each, −1 where there is
 * none. Undefined where there is no match.
 */
export function matchAt(program: Program, text: string, start: number, spend: Spend): Int32Array | undefined {
  const registers = new Int32Array(program.numRegisters).fill(UNSET);
  const end = new Matcher(program, text, registers, spend).run(0, start);
  if (end < 0) return undefined;
  registers[0] = start;
  registers[1] = end;
  return registers.subarray(0, 2 * (program.numCaptures + 1));
}

class Matcher {
  /** Pairs: a place in the program's code and one in the text to try next; or −1 − register and what it was. */
  readonly #stack: number[] = [];
  #steps = 0;
  #untriedAt = 0;

  constructor(
    private readonly program: Program,
    private readonly text: string,
    private readonly registers: Int32Array,
    private readonly spend: Spend,
  ) {}

  /** Where the match of the instructions from `from` on ends; −1 where there is none. */
  run(from: number, start: number): number {
    const { text, registers } = this;
    const { code, sets } = this.program;
    const stack = this.#stack;
    const base = stack.length;
    let at = start;
    let next = 3 * from;
    for (;;) {
      if (++this.#steps === STEPS_PER_REPORT) this.#report();
      const op = code[next];
      const a = code[next + 1] as number;
      const b = code[next + 2] as number;
      next += 3;
      let isOk = true;
      switch (op) {
        case OP.character:
        case OP.set: {
          const found = b === 1 ? codeBefore(text, at) : codeAt(text, at);
          isOk = found >= 0 && (op === OP.set ? (sets[a] as (code: number) => boolean)(found) : found === a);
          if (isOk) at += (found > 0xffff ? 2 : 1) * (b === 1 ? -1 : 1);
          break;
        }
        case OP.split:
          stack.push(3 * b, at);
          next = 3 * a;
          break;
        case OP.jump:
          next = 3 * a;
          break;
        case OP.save:
          this.#set(a, at);
          break;
        case OP.moved:
          isOk = registers[a] !== at;
          break;
        case OP.forget:
          for (let register = a; register < b; register++) this.#set(register, UNSET);
          break;
        case OP.edge:
          isOk = at === (a === 1 ? text.length : 0);
          break;
        case OP.look:
          isOk = this.#look(next / 3, at, b === 1);
          next = 3 * a;
          break;
        case OP.accept:
          if (base === 0) this.#report();
          return at;
      }
      if (isOk) continue;
      next = this.#backtrack(base);
      at = this.#untriedAt;
      if (next < 0) {
        if (base === 0) this.#report();
        return -1;
      }
    }
  }

  #look(from: number, at: number, isNegative: boolean): boolean {
    const base = this.#stack.length;
    const isFound = this.run(from, at) >= 0;
    if (isFound && isNegative) {
      while (this.#backtrack(base) >= 0);
    } else if (isFound) {
      // It is not tried in another way; what it remembered is forgotten when what is before it is.
      let kept = base;
      for (let i = base; i < this.#stack.length; i += 2) {
        if ((this.#stack[i] as number) >= 0) continue;
        this.#stack[kept] = this.#stack[i] as number;
        this.#stack[kept + 1] = this.#stack[i + 1] as number;
        kept += 2;
      }
      this.#stack.length = kept;
    }
    return isFound !== isNegative;
  }

  /** Undoes what was remembered up to the last alternative; −1 where none is left above `base`. Its place is in #untriedAt. */
  #backtrack(base: number): number {
    const stack = this.#stack;
    while (stack.length > base) {
      const value = stack.pop() as number;
      const target = stack.pop() as number;
      if (target >= 0) {
        this.#untriedAt = value;
        return target;
      }
      this.registers[-1 - target] = value;
    }
    return -1;
  }

  #set(register: number, value: number): void {
    this.#stack.push(-1 - register, this.registers[register] as number);
    this.registers[register] = value;
  }

  #report(): void {
    this.spend(this.#steps);
    this.#steps = 0;
  }
}

function codeAt(text: string, at: number): number {
  return at < text.length ? (text.codePointAt(at) as number) : -1;
}

function codeBefore(text: string, at: number): number {
  if (at === 0) return -1;
  const code = text.charCodeAt(at - 1);
  const isLow = code >= 0xdc00 && code <= 0xdfff && at > 1;
  const pair = isLow ? (text.codePointAt(at - 2) as number) : code;
  return pair > 0xffff ? pair : code;
}

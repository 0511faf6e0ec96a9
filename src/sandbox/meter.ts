// Makes the work of a WebAssembly program countable, by a change to its code: every turn of a loop takes one from a global, every
// call takes room for its locals from another and gives it back, and where nothing is left the program traps. So
// whatever a program does ends at the same place on every machine, without a clock and before the stack of the host overflows.
// The format: https://webassembly.github.io/spec/core/binary/

/** The exported global that holds how many steps are left. */
export const STEPS = 'steps';
/** The exported global that holds how much room is left for calls within calls, in bytes of a stack. */
export const ROOM = 'room';
/** The exported globals that a program may change, `state0`, `state1`, …: what it knows apart from its memory. */
export const STATE = 'state';

const SECTION = { type: 1, import: 2, function: 3, global: 6, export: 7, code: 10 } as const;
const GLOBAL = 3;
const I32 = 0x7f;
const MUTABLE = 1;
const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branch: 0x0c,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i32LessThan: 0x48,
  i32Add: 0x6a,
  i32Subtract: 0x6b,
  i32ShiftRight: 0x76,
  bulk: 0xfc,
} as const;
const NOTHING = 0x40;
const MEMORY_COPY = 10;
const MEMORY_FILL = 11;
/** What a call takes of a stack at least, and for each of its locals, where a compiler keeps none of them in a register. */
const FRAME_BYTES = 64;
const LOCAL_BYTES = 8;
/** So many bytes that are copied or filled at once count as a step: 2 to this power. */
const BULK_SHIFT = 4;

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new Error('The WebAssembly program ends too early.');
    return byte;
  }

  /** An unsigned number in LEB128, or past a signed one, whose value nobody needs. */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  numbers(count: number): void {
    for (let i = 0; i < count; i++) this.number();
  }

  take(count: number): Uint8Array {
    this.at += count;
    if (this.at > this.bytes.length) throw new Error('The WebAssembly program ends too early.');
    return this.bytes.subarray(this.at - count, this.at);
  }

  rest(): Uint8Array {
    return this.bytes.subarray(this.at);
  }
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(Math.floor(value / 128))];
}

const named = (name: string) => [...leb(name.length), ...new TextEncoder().encode(name)];

/** A section's own list with more at its end. */
function append(section: Reader, entries: readonly (readonly number[])[]): Uint8Array {
  section.at = 0;
  const count = section.number();
  return join([leb(count + entries.length), section.rest(), ...entries]);
}

function join(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Steps over an instruction's immediates, given its opcode. */
function skipImmediates(code: Reader, opcode: number): void {
  if (opcode >= 0x02 && opcode <= 0x04) code.number();
  else if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10) code.number();
  else if (opcode === 0x0e) code.numbers(code.number() + 1);
  else if (opcode === 0x11) code.numbers(2);
  else if (opcode === 0x1c) code.numbers(code.number());
  else if (opcode >= 0x20 && opcode <= 0x26) code.number();
  else if (opcode >= 0x28 && opcode <= 0x3e) code.numbers(2);
  else if (opcode >= 0x3f && opcode <= 0x42) code.number();
  else if (opcode === 0x43) code.take(4);
  else if (opcode === 0x44) code.take(8);
  else if (opcode === 0xd0 || opcode === 0xd2) code.number();
  else if (!isPlain(opcode))
    throw new Error(`The WebAssembly program has an instruction that is not known: ${opcode}.`);
}

/** Without immediates: control, drop and select, numbers, is_null. */
function isPlain(opcode: number): boolean {
  const isControl = opcode <= 0x01 || opcode === 0x05 || opcode === 0x0b || opcode === 0x0f;
  return isControl || opcode === 0x1a || opcode === 0x1b || (opcode >= 0x45 && opcode <= 0xc4) || opcode === 0xd1;
}

/** Steps over what follows 0xfc, and answers which of its instructions it is. */
function skipBulk(code: Reader): number {
  const kind = code.number();
  if (kind > 17) throw new Error(`The WebAssembly program has an instruction that is not known: ${OP.bulk} ${kind}.`);
  if (kind >= 8) code.numbers([8, 10, 12, 14].includes(kind) ? 2 : 1);
  return kind;
}

/** Code that takes as much from a global as the code `amount` leaves on the stack. */
function charge(global: number[], amount: readonly number[]): number[] {
  return [
    ...[OP.globalGet, ...global, ...amount, OP.i32Subtract, OP.globalSet, ...global],
    ...[OP.globalGet, ...global, OP.i32Const, 0, OP.i32LessThan],
    ...[OP.if, NOTHING, OP.unreachable, OP.end],
  ];
}

/** Code that gives back what was taken. */
const repay = (global: number[], amount: readonly number[]) => [
  ...[OP.globalGet, ...global, ...amount, OP.i32Add, OP.globalSet, ...global],
];

function i32Const(value: number): number[] {
  const bytes = leb(value);
  // Signed: the highest bit of the last seven is the sign.
  const last = bytes.at(-1) ?? 0;
  return [OP.i32Const, ...(last & 64 ? [...bytes.slice(0, -1), last | 128, 0] : bytes)];
}

/** A function that does what memory.copy or memory.fill does, and takes steps for it. */
function bulkFunction(steps: number[], instruction: readonly number[]): number[] {
  const count = [OP.localGet, 2, OP.i32Const, BULK_SHIFT, OP.i32ShiftRight];
  const operands = [OP.localGet, 0, OP.localGet, 1, OP.localGet, 2];
  const body = [0, ...charge(steps, count), ...operands, ...instruction, OP.end];
  return [...leb(body.length), ...body];
}

interface Counters {
  readonly steps: number[];
  readonly room: number[];
  /** Functions that stand for the instructions. */
  readonly copy: number[];
  readonly fill: number[];
}

/**
 * A function's body that takes a step at the head of every loop and, if it calls, room for itself.
 * @param results types of what it answers.
 */
function meterBody(bytes: Uint8Array, results: Uint8Array, { steps, room, copy, fill }: Counters): Uint8Array {
  const body = new Reader(bytes);
  let numLocals = 0;
  for (let groups = body.number(); groups > 0; groups--) {
    numLocals += body.number();
    body.byte();
  }
  const locals = bytes.subarray(0, body.at);
  const step = charge(steps, [OP.i32Const, 1]);
  const pieces: ArrayLike<number>[] = [];
  let copied = body.at;
  let depth = 0;
  let isCalling = false;
  const replace = (start: number, code: readonly number[]) => {
    pieces.push(bytes.subarray(copied, start), code);
    copied = body.at;
  };
  while (!body.isAtEnd) {
    const start = body.at;
    const opcode = body.byte();
    if (opcode === OP.bulk) {
      const kind = skipBulk(body);
      if (kind === MEMORY_COPY) replace(start, [OP.call, ...copy]);
      if (kind === MEMORY_FILL) replace(start, [OP.call, ...fill]);
      continue;
    }
    skipImmediates(body, opcode);
    if (opcode >= OP.block && opcode <= OP.if) depth++;
    if (opcode === OP.end) depth--;
    if (opcode === OP.loop) replace(body.at, step);
    // The body becomes a block, so that whatever leaves it comes past what gives the room back.
    if (opcode === OP.return) replace(start, [OP.branch, ...leb(depth)]);
    isCalling ||= opcode === OP.call || opcode === OP.callIndirect;
  }
  const inner = join([...pieces, bytes.subarray(copied)]);
  if (results.length > 1) throw new Error('The WebAssembly program has a function with more than one result.');
  const type = results[0] ?? NOTHING;
  const bytesTaken = i32Const(isCalling ? FRAME_BYTES + LOCAL_BYTES * numLocals : 0);
  const [take, give] = isCalling ? [charge(room, bytesTaken), repay(room, bytesTaken)] : [[], []];
  return join([locals, take, [OP.block, type], inner, give, [OP.end]]);
}

/** How a section lists what each function answers: by its type. */
function readResults(types: Reader, functions: Reader): Uint8Array[] {
  const results: Uint8Array[] = [];
  for (let left = types.number(); left > 0; left--) {
    types.byte();
    types.take(types.number());
    results.push(types.take(types.number()));
  }
  return Array.from({ length: functions.number() }, () => results[functions.number()] ?? new Uint8Array());
}

/** The bodies of all functions, and of those that stand for the bulk instructions. */
function meterCode(section: Reader, results: readonly Uint8Array[], counters: Counters): Uint8Array {
  const parts: ArrayLike<number>[] = [];
  const count = section.number();
  for (let i = 0; i < count; i++) {
    const metered = meterBody(section.take(section.number()), results[i] ?? new Uint8Array(), counters);
    parts.push(leb(metered.length), metered);
  }
  const helpers = [
    bulkFunction(counters.steps, [OP.bulk, MEMORY_COPY, 0, 0]),
    bulkFunction(counters.steps, [OP.bulk, MEMORY_FILL, 0]),
  ];
  return join([leb(count + helpers.length), ...parts, ...helpers]);
}

/** How many functions and globals a program takes from outside: those it has itself are numbered after them. */
function countImports(section: Reader): { functions: number; globals: number } {
  const counts = [0, 0, 0, 0];
  for (let left = section.number(); left > 0; left--) {
    section.take(section.number());
    section.take(section.number());
    const kind = section.byte();
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === 0) section.number();
    else if (kind === GLOBAL) section.take(2);
    else {
      if (kind === 1) section.byte();
      section.numbers(section.byte() & 1 ? 2 : 1);
    }
  }
  return { functions: counts[0] ?? 0, globals: counts[GLOBAL] ?? 0 };
}

/** Which of a program's own globals can change, by place. */
function findMutable(section: Reader): number[] {
  const mutable: number[] = [];
  const count = section.number();
  for (let i = 0; i < count; i++) {
    section.byte();
    if (section.byte() === MUTABLE) mutable.push(i);
    for (let opcode = section.byte(); opcode !== OP.end; opcode = section.byte()) skipImmediates(section, opcode);
  }
  return mutable;
}

/**
 * The same program, which now counts its work. It begins with all the steps and room that there can be.
 * @param wasm with functions and globals of its own, and no threads, vectors or exceptions
 * @throws if it holds an instruction that is not known here
 */
export function meter(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new Reader(wasm);
  const head = reader.take(8);
  const sections: [id: number, content: Uint8Array][] = [];
  while (!reader.isAtEnd) sections.push([reader.byte(), reader.take(reader.number())]);
  const section = (id: number) => {
    const content = sections.find(([other]) => other === id)?.[1];
    if (content === undefined) throw new Error(`The WebAssembly program has no section ${id}.`);
    return new Reader(content);
  };

  const imported = countImports(section(SECTION.import));
  const type = section(SECTION.type).number();
  const firstHelper = imported.functions + section(SECTION.function).number();
  const firstCounter = imported.globals + section(SECTION.global).number();
  const [steps, room] = [leb(firstCounter), leb(firstCounter + 1)];
  const counters = { steps, room, copy: leb(firstHelper), fill: leb(firstHelper + 1) };
  const results = readResults(section(SECTION.type), section(SECTION.function));
  const exports = [
    [...named(STEPS), GLOBAL, ...steps],
    [...named(ROOM), GLOBAL, ...room],
    ...findMutable(section(SECTION.global)).map((own, place) => [
      ...named(`${STATE}${place}`),
      GLOBAL,
      ...leb(imported.globals + own),
    ]),
  ];
  const counter = [I32, MUTABLE, ...i32Const(2 ** 31 - 1), OP.end];
  const changed = new Map<number, Uint8Array>([
    [SECTION.type, append(section(SECTION.type), [[0x60, 3, I32, I32, I32, 0]])],
    [SECTION.function, append(section(SECTION.function), [leb(type), leb(type)])],
    [SECTION.global, append(section(SECTION.global), [counter, counter])],
    [SECTION.export, append(section(SECTION.export), exports)],
    [SECTION.code, meterCode(section(SECTION.code), results, counters)],
  ]);
  return join([
    head,
    ...sections.flatMap(([id, content]) => {
      const now = changed.get(id) ?? content;
      return [[id], leb(now.length), now];
    }),
  ]);
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meter, STATE, STEPS } from './meter';

const section = (id: number, content: readonly number[]) => [id, content.length, ...content];

/**
 * A program with one page of memory, a global that can change, and three functions: `turn(n)` adds 2 to the global n times in a
 * loop and answers it, `copy(to, from, count)` and `fill(at, byte, count)` do what their instructions do.
 */
function program(turnBody: readonly number[] = TURN): Uint8Array<ArrayBuffer> {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const code = (body: readonly number[]) => [body.length + 1, 0, ...body];
  const bulk = (instruction: readonly number[]) => code([0x20, 0, 0x20, 1, 0x20, 2, ...instruction, 0x0b]);
  return Uint8Array.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7f, 0]),
    // An import of a global that nobody changes: own globals are numbered after it.
    ...section(2, [1, ...name('a'), ...name('g'), 3, 0x7f, 0]),
    ...section(3, [3, 0, 1, 1]),
    ...section(5, [1, 0, 1]),
    ...section(6, [1, 0x7f, 1, 0x41, 0, 0x0b]),
    ...section(7, [3, ...name('turn'), 0, 0, ...name('copy'), 0, 1, ...name('fill'), 0, 2]),
    ...section(10, [3, ...code(turnBody), ...bulk([0xfc, 10, 0, 0]), ...bulk([0xfc, 11, 0])]),
  ]);
}

/** loop; global += 2; if (--n) again; end; global */
const TURN = [
  ...[0x03, 0x40, 0x23, 1, 0x41, 2, 0x6a, 0x24, 1],
  ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x23, 1, 0x0b],
];

interface Exports {
  turn(count: number): number;
  copy(to: number, from: number, count: number): void;
  fill(at: number, byte: number, count: number): void;
  [STEPS]: WebAssembly.Global;
}

function open(wasm: BufferSource): Exports {
  const imports = { a: { g: 7 } };
  return new WebAssembly.Instance(new WebAssembly.Module(wasm), imports).exports as unknown as Exports;
}

describe('a metered program', () => {
  test('answers what it answered, and takes one step a turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (turns) => {
        const metered = open(meter(program()));
        metered[STEPS].value = 5000;
        expect(metered.turn(turns)).toBe(open(program()).turn(turns));
        expect(metered[STEPS].value).toBe(5000 - turns);
      }),
    );
  });

  test('traps at the first turn that it has no step for', () => {
    const { turn, [STEPS]: steps } = open(meter(program()));
    steps.value = 100;
    expect(turn(100)).toBe(200);
    expect(() => turn(1)).toThrow(WebAssembly.RuntimeError);
    expect(steps.value).toBeLessThan(0);
  });

  test('pays for memory that is copied or filled at once', () => {
    const { copy, fill, [STEPS]: steps } = open(meter(program()));
    steps.value = 10_000;
    fill(0, 1, 65_536);
    expect(steps.value).toBe(10_000 - 4096);
    copy(0, 32_768, 32_768);
    expect(steps.value).toBe(10_000 - 4096 - 2048);
    expect(() => fill(0, 1, 65_536)).toThrow('unreachable');
  });

  test('shows what it knows apart from its memory', () => {
    const exports = open(meter(program())) as unknown as Record<string, WebAssembly.Global>;
    const state = exports[`${STATE}0`] as WebAssembly.Global;
    (exports as unknown as Exports).turn(3);
    expect(state.value).toBe(6);
    state.value = 0;
    expect((exports as unknown as Exports).turn(1)).toBe(2);
    expect(Object.keys(exports).filter((name) => name.startsWith(STATE))).toHaveLength(1);
  });
});

describe('a program that cannot be metered is refused', () => {
  test('with an instruction that is not known', () => {
    expect(() => meter(program([0xfd, 0, 0x0b]))).toThrow('253');
    expect(() => meter(program([0xfc, 99, 0x0b]))).toThrow('252 99');
  });

  test('cut short', () => {
    const whole = program();
    fc.assert(
      fc.property(fc.integer({ min: 8, max: whole.length - 1 }), (length) => {
        expect(() => meter(whole.slice(0, length))).toThrow(/WebAssembly program/);
      }),
    );
  });
});

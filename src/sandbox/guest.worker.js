// The thread of the sandbox: strangers' code in QuickJS, an interpreter compiled to WebAssembly that is given no function of
// ours. JSON text goes in and comes out. Plain JavaScript, because Node runs this file as it is.
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';

/** @import { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core' */
/** @import { GuestError, GuestOutcome } from './sandbox' */

/** Pages of 64 KiB; the first number is what QuickJS is built for. */
const MEMORY = { initial: 256, maximum: 512 };
const MEMORY_TEXT = `${(MEMORY.maximum * 64) / 1024} MiB`;
const STACK_BYTES = 256 * 1024;
/** QuickJS asks every 10,000 loop turns, calls or steps of a regular expression whether to go on. Counted, not timed: a budget
 *  of steps ends the same code at the same place on every machine. */
const BUDGET = 100;
const BUDGET_TEXT = 'a million';
/** What telling of an error may cost: its getters are the stranger's too. */
const TELLING_BUDGET = 10;
const BROKEN = 'It broke the interpreter.';
const MAX_RESULT_CHARACTERS = 65_536;
const MAX_MESSAGE_CHARACTERS = 300;
/** Outcomes are posted at least this often while a run goes on, so that the watchdog sees it live. */
const POST_MS = 20;
const PAGE_BYTES = 65_536;

// QuickJS takes the time, the time zone and the seed of Math.random from this clock: all three are the same everywhere.
Date.now = () => Date.UTC(2000, 0, 1);
Date.prototype.getTimezoneOffset = () => 0;

/** Runs before the stranger's code and keeps what that code could replace. Its functions cannot be reached from there. */
const PRELUDE = `'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { Promise, String } = globalThis;
  return {
    call(fn, json) {
      const result = fn(parse(json));
      if (typeof result === 'number' || result === undefined) return result;
      return result instanceof Promise ? false : stringify(result);
    },
    tell: (thrown) =>
      typeof thrown === 'object' && thrown !== null
        ? String(thrown.stack) + '\\x01' + String(thrown.name) + ': ' + String(thrown.message)
        : '\\x01' + String(thrown),
  };
})()`;

/** @type {WebAssembly.Module} */
let program;
/** @type {Promise<Interpreter>} for the next run */
let ready;
let budget = 0;

/** An interpreter that can be set back to how it was before any stranger's code: all it knows lies in its memory, so putting
 *  back a copy of that undoes whatever was done. It takes microseconds, where a new context takes the better part of a millisecond. */
class Interpreter {
  /** The pages in use, each with its place; what lies in others is free memory to it. @type {[number, Uint8Array][]} */
  #pages = [];

  /**
   * @param {WebAssembly.Memory} memory
   * @param {QuickJSContext} context
   */
  constructor(memory, context) {
    this.memory = memory;
    this.context = context;
    const prelude = context.unwrapResult(context.evalCode(PRELUDE, 'prelude'));
    this.call = context.getProp(prelude, 'call');
    this.tell = context.getProp(prelude, 'tell');
    this.sizeBytes = memory.buffer.byteLength;
    for (let start = 0; start < this.sizeBytes; start += PAGE_BYTES) {
      const page = new Uint8Array(memory.buffer, start, PAGE_BYTES);
      if (page.some((byte) => byte !== 0)) this.#pages.push([start, page.slice()]);
    }
  }

  static async open() {
    const memory = new WebAssembly.Memory(MEMORY);
    const quickjs = await newQuickJSWASMModuleFromVariant(
      newVariant(variant, { wasmModule: program, wasmMemory: memory }),
    );
    budget = BUDGET;
    const interruptHandler = () => --budget < 0;
    const runtime = quickjs.newRuntime({ maxStackSizeBytes: STACK_BYTES, interruptHandler });
    return new Interpreter(memory, runtime.newContext());
  }

  /** Whether its memory has grown: it does not shrink again. */
  get hasGrown() {
    return this.memory.buffer.byteLength > this.sizeBytes;
  }

  reset() {
    const bytes = new Uint8Array(this.memory.buffer);
    for (const [start, page] of this.#pages) bytes.set(page, start);
  }
}

/** A stranger's script that has run, and the function it ended with. Handles into it need no disposal: the memory is put back. */
class Realm {
  /** @type {GuestError | undefined} why there is no function */
  failure;
  /** An error may leave anything behind, so after one the realm is left. */
  isSpent = false;
  /** Whether the interpreter itself failed, perhaps halfway through a call. */
  #isBroken = false;
  /** @type {QuickJSHandle | undefined} */
  #function;

  /**
   * @param {Interpreter} interpreter
   * @param {string} source
   */
  constructor(interpreter, source) {
    this.interpreter = interpreter;
    this.context = interpreter.context;
    interpreter.reset();
    budget = BUDGET;
    const outcome = this.#guard(() => {
      const result = this.context.evalCode(source, 'guest.js');
      if (result.error) return { error: this.#describe(result.error) };
      this.#function = result.value;
      if (this.context.typeof(result.value) === 'function') return { value: null };
      return { error: { message: 'The code does not end with a function.' } };
    });
    if ('error' in outcome) this.failure = outcome.error;
  }

  /**
   * @param {string} json
   * @returns {GuestOutcome}
   */
  call(json) {
    const { failure } = this;
    if (failure) return { error: failure };
    budget = BUDGET;
    return this.#guard(() => this.#call(json));
  }

  /**
   * @param {string} json
   * @returns {GuestOutcome}
   */
  #call(json) {
    const { context } = this;
    const input = context.newString(json);
    const result = context.callFunction(
      this.interpreter.call,
      context.undefined,
      /** @type {QuickJSHandle} */ (this.#function),
      input,
    );
    if (result.error) return { error: this.#describe(result.error) };
    return this.#read(result.value);
  }

  /**
   * @param {QuickJSHandle} result
   * @returns {GuestOutcome}
   */
  #read(result) {
    const { context } = this;
    switch (context.typeof(result)) {
      case 'number': {
        const value = context.getNumber(result);
        return Number.isFinite(value) ? { value } : { error: { message: `The result is ${value}.` } };
      }
      case 'boolean':
        return { error: { message: 'The result is a promise; it must be there at once.' } };
      case 'string': {
        if (context.getNumber(context.getProp(result, 'length')) > MAX_RESULT_CHARACTERS) {
          return { error: { message: `The result is longer than ${MAX_RESULT_CHARACTERS} characters.` } };
        }
        return { value: JSON.parse(context.getString(result)) };
      }
      default:
        return { error: { message: 'There is no result.' } };
    }
  }

  /**
   * @param {QuickJSHandle} thrown
   * @returns {GuestError}
   */
  #describe(thrown) {
    if (budget < 0) return { message: `It takes more than ${BUDGET_TEXT} steps. Is there a loop without an end?` };
    budget = TELLING_BUDGET;
    const told = this.context.callFunction(this.interpreter.tell, this.context.undefined, thrown);
    if (told.error) return { message: 'It threw something that cannot be shown.' };
    const [stack = '', ...rest] = this.context.getString(told.value).split('\x01');
    const message = rest.join('').slice(0, MAX_MESSAGE_CHARACTERS);
    const line = /guest\.js:(\d+)/.exec(stack)?.[1];
    return line === undefined ? { message } : { message, line: Number(line) };
  }

  /**
   * @param {() => GuestOutcome} work
   * @returns {GuestOutcome}
   */
  #guard(work) {
    /** @type {GuestOutcome} */
    let outcome;
    try {
      outcome = work();
    } catch {
      this.#isBroken = true;
      outcome = { error: { message: BROKEN } };
    }
    if (!('error' in outcome)) return outcome;
    this.isSpent = true;
    // Without memory for an error, QuickJS throws null, or breaks.
    const isNearlyFull = this.interpreter.memory.buffer.byteLength > 0.75 * MEMORY.maximum * PAGE_BYTES;
    const isOutOfMemory = isNearlyFull && [BROKEN, 'null'].includes(outcome.error.message);
    return isOutOfMemory ? { error: { message: `It needs more than ${MEMORY_TEXT} of memory.` } } : outcome;
  }

  /** Sees to an interpreter for those that come after. */
  close() {
    if (this.#isBroken || this.interpreter.hasGrown) ready = Interpreter.open();
  }
}

/** @param {{ source: string, inputs: readonly string[], isolate: 'run' | 'each' }} call inputs as JSON text */
async function answer({ source, inputs, isolate }) {
  /** @type {GuestOutcome[]} */
  let outcomes = [];
  await ready;
  // The stranger's time begins.
  port.postMessage({ outcomes, isLast: false });
  let realm = await openRealm(source);
  let postedMs = performance.now();
  for (const [place, input] of inputs.entries()) {
    if (!realm.failure && (isolate === 'each' ? place > 0 : realm.isSpent)) {
      realm.close();
      realm = await openRealm(source);
    }
    outcomes.push(realm.call(input));
    if (performance.now() - postedMs < POST_MS) continue;
    postedMs = performance.now();
    port.postMessage({ outcomes, isLast: false });
    outcomes = [];
  }
  port.postMessage({ outcomes, isLast: true });
  realm.close();
}

/** @param {string} source */
async function openRealm(source) {
  const interpreter = await ready;
  return new Realm(interpreter, source);
}

/** @type {any} of a worker in a browser, or of a thread in Node */
const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? globalThis;

/** The first message is the compiled interpreter, every later one a run; the next comes when the last is answered. */
port.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  if (program) return answer(data);
  program = data;
  ready = Interpreter.open();
  await ready;
  port.postMessage('ready');
};

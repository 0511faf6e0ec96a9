// The thread of the sandbox: strangers' code in QuickJS, an interpreter compiled to WebAssembly that is given no function of
// ours. JSON text goes in and comes out. Plain JavaScript, because Node runs this file as it is.
import '../lib/ownWorker.js';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';

/** @import { EmscriptenModuleLoaderOptions, QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core' */
/** @import { GuestError, GuestOutcome } from './sandbox' */

/** Pages of 64 KiB; the first number is what QuickJS is built for. */
const MEMORY = { initial: 256, maximum: 512 };
const MEMORY_TEXT = `${(MEMORY.maximum * 64) / 1024} MiB`;
/** QuickJS's own stack, in its memory. */
const STACK_BYTES = 256 * 1024;
/** Of the host's stack, for calls within the interpreter: browsers give a worker a megabyte. */
const ROOM_BYTES = 768 * 1024;
/** Turns of the interpreter's own loops (see meter.ts), of which an instruction of JavaScript takes one or a few. Counted, not
 *  timed: a budget of steps ends the same code at the same place on every machine, in native loops, too. */
const BUDGET = 20_000_000;
const BUDGET_TEXT = 'twenty million';
/** What telling of an error may cost: its getters are the stranger's too. */
const TELLING_BUDGET = BUDGET / 10;
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

/**
 * An interpreter that can be set back to how it was before any stranger's code: all it knows lies in its memory and a few
 * globals, so putting back a copy of those undoes whatever was done, also where it was stopped halfway.
 */
class Interpreter {
  /** Whether it was refused memory since it was set back. */
  isFull = false;
  /** The pages in use, each with its place; what lies in others is free memory to it. @type {[number, Uint8Array][]} */
  #pages = [];
  /** @type {[WebAssembly.Global, number][]} */
  #globals = [];

  /**
   * @param {WebAssembly.Memory} memory
   * @param {WebAssembly.Exports} exports
   * @param {QuickJSContext} context
   */
  constructor(memory, exports, context) {
    this.memory = memory;
    this.context = context;
    this.steps = /** @type {WebAssembly.Global} */ (exports.steps);
    this.room = /** @type {WebAssembly.Global} */ (exports.room);
    const prelude = context.unwrapResult(context.evalCode(PRELUDE, 'prelude'));
    this.call = context.getProp(prelude, 'call');
    this.tell = context.getProp(prelude, 'tell');
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      this.isFull = true;
      const before = grow(pages);
      this.isFull = false;
      return before;
    };
    for (const [name, value] of Object.entries(exports)) {
      if (value instanceof WebAssembly.Global && name.startsWith('state')) this.#globals.push([value, value.value]);
    }
    for (let start = 0; start < memory.buffer.byteLength; start += PAGE_BYTES) {
      const page = new Uint8Array(memory.buffer, start, PAGE_BYTES);
      if (page.some((byte) => byte !== 0)) this.#pages.push([start, page.slice()]);
    }
  }

  /** @param {WebAssembly.Module} program */
  static async open(program) {
    const memory = new WebAssembly.Memory(MEMORY);
    /** @type {WebAssembly.Exports} */
    let exports = {};
    /** @type {EmscriptenModuleLoaderOptions['instantiateWasm']} */
    const instantiateWasm = (imports, onDone) => {
      WebAssembly.instantiate(program, imports).then((instance) => {
        exports = instance.exports;
        onDone(instance);
      });
      return {};
    };
    const quickjs = await newQuickJSWASMModuleFromVariant(
      newVariant(variant, { wasmMemory: memory, emscriptenModule: { instantiateWasm } }),
    );
    const runtime = quickjs.newRuntime({ maxStackSizeBytes: STACK_BYTES });
    return new Interpreter(memory, exports, runtime.newContext());
  }

  /** @param {number} budget steps of what is called next */
  grant(budget) {
    this.steps.value = budget;
    this.room.value = ROOM_BYTES;
    this.isFull = false;
  }

  reset() {
    const bytes = new Uint8Array(this.memory.buffer);
    for (const [start, page] of this.#pages) bytes.set(page, start);
    for (const [global, value] of this.#globals) global.value = value;
  }
}

/** @type {Interpreter} */
let interpreter;

/** A stranger's script that has run, and the function it ended with. Handles into it need no disposal: the memory is put back. */
class Realm {
  /** @type {GuestError | undefined} why there is no function */
  failure;
  /** An error may leave anything behind, so after one the realm is left. */
  isSpent = false;
  /** @type {QuickJSHandle | undefined} */
  #function;

  /** @param {string} source */
  constructor(source) {
    this.context = interpreter.context;
    interpreter.reset();
    interpreter.grant(BUDGET);
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
    interpreter.grant(BUDGET);
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
      interpreter.call,
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
    interpreter.steps.value = TELLING_BUDGET;
    const told = this.context.callFunction(interpreter.tell, this.context.undefined, thrown);
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
      outcome = { error: { message: 'It broke the interpreter.' } };
    }
    if (!('error' in outcome)) return outcome;
    this.isSpent = true;
    if (interpreter.steps.value < 0) {
      return { error: { message: `It takes more than ${BUDGET_TEXT} steps. Is there a loop without an end?` } };
    }
    if (interpreter.room.value < 0) return { error: { message: 'It nests too deeply.' } };
    return interpreter.isFull ? { error: { message: `It needs more than ${MEMORY_TEXT} of memory.` } } : outcome;
  }
}

/** @param {{ source: string, inputs: readonly string[], isolate: 'run' | 'each' }} call inputs as JSON text */
function answer({ source, inputs, isolate }) {
  /** @type {GuestOutcome[]} */
  let outcomes = [];
  let realm = new Realm(source);
  let postedMs = performance.now();
  for (const [place, input] of inputs.entries()) {
    if (!realm.failure && (isolate === 'each' ? place > 0 : realm.isSpent)) realm = new Realm(source);
    outcomes.push(realm.call(input));
    if (performance.now() - postedMs < POST_MS) continue;
    postedMs = performance.now();
    port.postMessage({ outcomes, isLast: false });
    outcomes = [];
  }
  port.postMessage({ outcomes, isLast: true });
}

/** @type {any} of a worker in a browser, or of a thread in Node */
const port = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? globalThis;

/** The first message is the compiled interpreter, every later one a run; the next comes when the last is answered. */
port.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  if (interpreter) return answer(data);
  interpreter = await Interpreter.open(data);
  port.postMessage('ready');
};

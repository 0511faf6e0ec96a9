// Code that means harm, for tests of the sandbox in Node and in a browser: each ends with a function that is called once.

export interface Attack {
  readonly name: string;
  readonly source: string;
}

const call = (name: string, body: string): Attack => ({ name, source: `(input) => { ${body} }` });
const sparse = (name: string, work: string) =>
  call(name, `const a = []; a.length = 2 ** 32 - 1; return a.${work} ? 1 : 0;`);

/** Work without an end: the interpreter's budget of steps ends it, or the watchdog where native code never asks. */
export const ENDLESS: readonly Attack[] = [
  call('an endless loop', 'while (true);'),
  { name: 'an endless loop before the function', source: 'for (;;) {} (input) => 1' },
  call('an endless loop of calls', 'const f = () => 1; for (;;) f();'),
  call('an endless generator', 'function* g() { for (;;) yield 1; } for (const _ of g()); return 1;'),
  call('an endless spread', 'return [...(function* () { for (;;) yield 1; })()].length;'),
  call('an endless recursion caught again and again', 'const f = () => { try { f(); } finally { f(); } }; f();'),
  call('a loop that catches its interruption', 'for (;;) { try { for (;;); } catch {} }'),
  call('an endless getter', 'return { get score() { for (;;); } };'),
  call('an endless toJSON', 'return { toJSON() { for (;;); } };'),
  call('an endless proxy', 'return new Proxy({}, { ownKeys() { for (;;); } });'),
  call('an error whose message never ends', 'throw { get message() { for (;;); } };'),
  call(
    'an error whose stack never ends',
    'throw Object.defineProperty(new Error(), "stack", { get() { for (;;); } });',
  ),
  call('an error whose name is a proxy', 'throw { name: new Proxy({}, { get() { for (;;); } }) };'),
  call('a regular expression that backtracks', `return /^(a+)+$/.test('a'.repeat(40) + 'b') ? 1 : 0;`),
  call('a regular expression with back references', `return /(x+x+)+\\1+y/.test('x'.repeat(60)) ? 1 : 0;`),
  call('a replace that calls back without an end', `return 'ab'.repeat(99).replace(/./g, () => { for (;;); });`),
  call('a sort whose comparison never ends', 'return [3, 1, 2].sort(() => { for (;;); })[0];'),
  call('a promise job queue', 'const again = () => Promise.resolve().then(again); again(); for (;;);'),
  sparse('indexOf through 2³² holes', 'indexOf(1)'),
  sparse('lastIndexOf through 2³² holes', 'lastIndexOf(1)'),
  sparse('includes through 2³² holes', 'includes(1)'),
  sparse('join of 2³² holes', 'join("")'),
  sparse('reverse of 2³² holes', 'reverse()'),
  sparse('sort of 2³² holes', 'sort()'),
  sparse('copyWithin of 2³² holes', 'copyWithin(0, 5)'),
  sparse('fill of 2³² holes', 'fill(1)'),
  call('a BigInt that grows', 'let n = 3n; for (;;) n *= n;'),
  call('a BigInt power', 'return Number((7n ** 9999999n) % 10n);'),
];

/** Memory without an end. */
export const HUGE: readonly Attack[] = [
  call('arrays without an end', 'const all = []; for (;;) all.push(new Array(1e5).fill(1));'),
  call('small arrays without an end', 'const all = []; for (;;) all.push([1, 2, 3]);'),
  call('a map without an end', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });'),
  call('a string without an end', 'let s = "ab"; for (;;) s += s + "c";'),
  call('strings without an end', 'const all = []; for (let i = 0; ; i++) all.push(("x" + i).repeat(9999));'),
  call('a string of 2³⁰ characters', 'return "a".repeat(2 ** 30);'),
  call('a padded string', 'return "".padEnd(2 ** 30 - 1, "abc");'),
  call('a gigabyte in a buffer', 'return new ArrayBuffer(2 ** 30).byteLength;'),
  call('typed arrays without an end', 'const all = []; for (;;) all.push(new Float64Array(1e6));'),
  call('a result beyond the limit', 'return "a".repeat(1e6);'),
  call('an array beyond the limit', 'return new Array(1e5).fill(1);'),
  call('closures without an end', 'let f = () => 1; for (;;) { const g = f; f = () => g; }'),
];

/** The stack, and what is too deep to be read. */
export const DEEP: readonly Attack[] = [
  call('recursion', 'const f = (n) => f(n + 1) + 1; return f(0);'),
  call('recursion through toString', 'const o = { toString: () => String(o) }; return String(o);'),
  call('recursion through JSON', 'let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o;'),
  call('recursion through a parse', 'return JSON.parse("[".repeat(1e5));'),
  call('a deep regular expression', 'return new RegExp("(".repeat(5e4) + ")".repeat(5e4)).test("") ? 1 : 0;'),
  call('deep nesting in eval', 'return eval("(".repeat(5e4) + "1" + ")".repeat(5e4));'),
  call('a proxy of proxies', 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x ?? 1 / 0;'),
  call('a cycle as a result', 'const o = {}; o.o = o; return o;'),
];

/** Results that are none. */
export const NO_RESULT: readonly Attack[] = [
  call('nothing', ''),
  call('NaN', 'return 0 / 0;'),
  call('infinity', 'return 1 / 0;'),
  call('a function', 'return () => 1;'),
  call('a symbol', 'return Symbol("1");'),
  call('a BigInt', 'return 1n;'),
  { name: 'a promise', source: 'async (input) => 1' },
  call('a promise that never settles', 'return new Promise(() => {});'),
  call('a thrown string', 'throw "no";'),
  call('a thrown null', 'throw null;'),
  call('a thrown symbol', 'throw Symbol();'),
  call('a thrown proxy', 'throw new Proxy({}, { get() { throw 1; } });'),
  { name: 'no function', source: '1' },
  { name: 'nothing at all', source: '' },
  { name: 'broken syntax', source: '(input) => {' },
  { name: 'a comment that swallows', source: '(input) => 1 /*' },
  { name: 'an import', source: 'import "node:fs"; (input) => 1' },
  call('an import expression without a result', 'import("node:fs");'),
  { name: 'a class called as a function', source: 'class A {}; A' },
];

/** Looks for a way out. What is looked for is not there, so each throws; `typeof` is not enough for a way out. */
export const ESCAPES: readonly Attack[] = [
  call('fetch', 'fetch("http://127.0.0.1:9/");'),
  call('XMLHttpRequest', 'new XMLHttpRequest();'),
  call('WebSocket', 'new WebSocket("ws://127.0.0.1:9/");'),
  call('importScripts', 'importScripts("data:text/javascript,1");'),
  call('postMessage', 'postMessage({ outcomes: [{ value: 1 }], isLast: true });'),
  call('self', 'self.close();'),
  call('require', 'require("node:fs");'),
  call('process', 'process.exit(1);'),
  call('a worker', 'new Worker("data:text/javascript,1");'),
  call('WebAssembly', 'new WebAssembly.Memory({ initial: 1 });'),
  call('indexedDB', 'indexedDB.open("x");'),
  call('localStorage', 'localStorage.setItem("a", "b");'),
  call('caches', 'caches.open("x");'),
  call('navigator', 'navigator.gpu.requestAdapter();'),
  call('a timer', 'setTimeout(() => {}, 0);'),
  call('performance', 'performance.now();'),
  call('std of quickjs', 'std.open("/etc/passwd", "r");'),
  call('os of quickjs', 'os.exec(["ls"]);'),
  call(
    'the constructor of a function',
    'return input.constructor.constructor("return fetch")()("http://127.0.0.1:9/");',
  ),
  call('the constructor of an async function', 'return (async () => {}).constructor("return process")().exit;'),
  call('the caller', 'return (function f() { return f.caller.caller.arguments[0].postMessage(1); })();'),
  call(
    'a stack of frames',
    'Error.prepareStackTrace = (_, frames) => frames[1].getFunction()("x").y.z; throw new Error().stack;',
  ),
];

/** Leaves traps for whoever comes after; the next run must not notice. */
export const POISON: readonly Attack[] = [
  call('JSON', 'JSON.parse = () => 9; JSON.stringify = () => "9"; globalThis.JSON = undefined; return 1;'),
  call(
    'toJSON of everything',
    'Object.prototype.toJSON = () => 9; Number.prototype.toJSON = () => 9; return { a: 1 };',
  ),
  call('prototypes', 'Object.prototype.expected = 9; Array.prototype.push = () => { for (;;); }; return 1;'),
  call('setters', 'Object.defineProperty(Object.prototype, "a", { set() { throw 1; } }); return { b: 1 };'),
  call('__proto__', 'return JSON.parse(\'{"__proto__": {"isAdmin": 1}, "error": {"message": "no"}}\');'),
  call('globals', 'globalThis.undefined = 1; globalThis.Promise = null; globalThis.String = () => 9; return 1;'),
  call('Math and Date', 'Math.random = () => 9; Date.now = () => 9; return 1;'),
  call('a frozen world', 'Object.freeze(Object.prototype); Object.freeze(globalThis); return 1;'),
  call(
    'Symbol.hasInstance',
    'Object.defineProperty(Promise, Symbol.hasInstance, { value: () => { throw 1; } }); return 1;',
  ),
  call('a counter', 'globalThis.count = (globalThis.count ?? 0) + 1; return count;'),
];

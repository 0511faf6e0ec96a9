// A module of WebAssembly as a module of JavaScript, operation by operation, by the compiler's own translator (wasm2js).
import binaryen from 'assemblyscript/binaryen';

/** The translator ends with an instance made at once, of a memory of its own. */
const OWN_INSTANCE = 'var retasmFunc = asmFunc(';

/**
 * The module's text. It exports `instantiate(imports)`, which gives what an instance exports, and `operations`.
 * @param {Uint8Array} module without SIMD, and without atomic operations of 64 bits
 * @param {string} operations their interfaces as JSON
 */
export function inJavaScript(module, operations) {
  const read = binaryen.readBinary(module);
  read.setFeatures(binaryen.Features.Atomics | binaryen.Features.MutableGlobals);
  // Engines optimize more than this by themselves.
  binaryen.setOptimizeLevel(1);
  binaryen.setShrinkLevel(0);
  const text = read.emitAsmjs();
  read.dispose();
  const end = text.indexOf(OWN_INSTANCE);
  if (end < 0) throw new Error(`the translation to JavaScript has no '${OWN_INSTANCE}'`);
  return `${text.slice(0, end)}
export { asmFunc as instantiate };
export const operations = ${operations};
`;
}

// One thread's own instance of the compiled operations. Plain JavaScript, because Node runs the helpers' file as it is.

/**
 * @typedef {{
 *   lead(program: number, first: number, end: number, threads: number): number,
 *   help(): void,
 *   join(scratch: number): void,
 *   table: WebAssembly.Table,
 *   [operation: string]: unknown,
 * }} Exports
 */

/**
 * An instance whose table has the operations in the order of their names, after what the compiler put there.
 * @param {import('./module').ThreadStart} start
 * @returns {Exports & { firstOperation: number }}
 */
export function instantiate({ module, memory, names, scratch }) {
  const instantiated =
    typeof module === 'function'
      ? module({ env: { memory: { buffer: memory.buffer } } })
      : new WebAssembly.Instance(module, { env: { memory } }).exports;
  const exports = /** @type {Exports} */ (/** @type {unknown} */ (instantiated));
  const firstOperation = exports.table.grow(names.length);
  for (const [i, name] of names.entries()) exports.table.set(firstOperation + i, exports[name]);
  exports.join(scratch);
  return { ...exports, firstOperation };
}

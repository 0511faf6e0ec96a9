// Token embedding: a row of the table for each token.
import { addScaled, at, type Numbers } from './array';

/** table (V, C), ids (N) → (N, C). */
export function embed(table: Numbers, ids: Numbers, width: number): Float64Array {
  return Float64Array.from({ length: ids.length * width }, (_, i) =>
    at(table, at(ids, Math.floor(i / width)) * width + (i % width)),
  );
}

/** dy (N, C) → dTable (V, C): rows of a token that occurs more than once add up. */
export function embedBackward(dy: Numbers, ids: Numbers, vocabularySize: number, width: number): Float64Array {
  const dTable = new Float64Array(vocabularySize * width);
  for (let n = 0; n < ids.length; n++) addScaled(dTable, at(ids, n) * width, 1, dy, n * width, width);
  return dTable;
}

// Numbers as FP8 leaves them (DeepSeek-V3 report, arXiv 2412.19437, §3.3.2): a tile's scale takes its largest number to 448, the
// largest of E4M3; each number over the scale is rounded to the nearest of E4M3. Scale, quotient and product are f32.
import { at, type Numbers } from './array';

const LARGEST = 448;

/** The nearest of E4M3, of two the even one, at most 448 in size: 3 bits of fraction, exponents from −6 on. */
export function roundToE4m3(value: number): number {
  const size = Math.min(Math.abs(value), LARGEST);
  const step = 2 ** (Math.max(-6, Math.floor(Math.log2(size))) - 3);
  const below = Math.floor(size / step);
  const rest = size / step - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  return Math.sign(value) * (below + (isUp ? 1 : 0)) * step;
}

/** x (N, D) with each tile of so many rows and columns rounded; one that holds what is not finite stays as it is. */
export function fp8Tiles(
  x: Numbers,
  { rows, width }: { readonly rows: number; readonly width: number },
  tile: { readonly rows: number; readonly columns: number },
): Float64Array {
  const y = Float64Array.from(x);
  for (let row = 0; row < rows; row += tile.rows) {
    for (let column = 0; column < width; column += tile.columns) {
      const places: number[] = [];
      for (let r = row; r < Math.min(rows, row + tile.rows); r++)
        for (let c = column; c < Math.min(width, column + tile.columns); c++) places.push(r * width + c);
      roundTile(x, places, y);
    }
  }
  return y;
}

function roundTile(x: Numbers, places: readonly number[], y: Float64Array): void {
  const largest = Math.max(...places.map((place) => Math.abs(at(x, place))));
  if (!Number.isFinite(largest)) return;
  const scale = Math.max(Math.fround(largest / LARGEST), 2 ** -126);
  for (const place of places) y[place] = Math.fround(roundToE4m3(Math.fround(at(x, place) / scale)) * scale);
}

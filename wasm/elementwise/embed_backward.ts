// Gradient of the embedding table, by sorted tokens: shaders/elementwise/embed_backward.wgsl.
import { Address, ceilDiv } from '../lib/types';
import { add, LANES, splat, STEP, vload, vstore } from '../lib/vector';

@unmanaged
class EmbedBackward {
  order: Address;
  offsets: Address;
  counts: Address;
  dy: Address;
  d_table: Address;
  vocabulary: u32;
  width: u32;
}

/** How many tokens there are only the counts say, so the table is cut alike whatever its size. */
const UNITS: u32 = 64;

export function embed_backward_units(args: EmbedBackward): u32 {
  return ceilDiv(args.vocabulary, ceilDiv(args.vocabulary, UNITS));
}

export function embed_backward(args: EmbedBackward, unit: u32): void {
  const width = args.width;
  const some = ceilDiv(args.vocabulary, UNITS);
  const end = min(args.vocabulary, (unit + 1) * some);
  for (let entry = unit * some; entry < end; entry++) {
    const count = load<u32>(args.counts + (<usize>entry << 2));
    if (!count) continue;
    const tokens = args.order + (<usize>load<u32>(args.offsets + (<usize>entry << 2)) << 2);
    sumTokens(tokens, count, args.dy, width, args.d_table + (<usize>(entry * width) << 2));
  }
}

/** Adds the rows of dy of some tokens to one row. */
function sumTokens(tokens: usize, count: u32, dy: usize, width: u32, to: usize): void {
  const end = tokens + (<usize>count << 2);
  let c: u32 = 0;
  for (; c + 4 * LANES <= width; c += 4 * LANES) sumFour(tokens, end, dy + (<usize>c << 2), width, to + (<usize>c << 2));
  for (; c + LANES <= width; c += LANES) {
    const at = <usize>c << 2;
    let sum = splat(0);
    for (let token = tokens; token < end; token += 4) {
      sum = add(sum, vload(dy + at + (<usize>(load<u32>(token) * width) << 2)));
    }
    vstore(to + at, add(vload(to + at), sum));
  }
  for (; c < width; c++) {
    const at = <usize>c << 2;
    let sum: f32 = 0;
    for (let token = tokens; token < end; token += 4) sum += load<f32>(dy + at + (<usize>(load<u32>(token) * width) << 2));
    store<f32>(to + at, load<f32>(to + at) + sum);
  }
}

/** The same for four Vecs of columns. */
function sumFour(tokens: usize, end: usize, dy: usize, width: u32, to: usize): void {
  let a = splat(0);
  let b = splat(0);
  let c = splat(0);
  let d = splat(0);
  for (let token = tokens; token < end; token += 4) {
    const x = dy + (<usize>(load<u32>(token) * width) << 2);
    a = add(a, vload(x));
    b = add(b, vload(x + STEP));
    c = add(c, vload(x + 2 * STEP));
    d = add(d, vload(x + 3 * STEP));
  }
  vstore(to, add(vload(to), a));
  vstore(to + STEP, add(vload(to + STEP), b));
  vstore(to + 2 * STEP, add(vload(to + 2 * STEP), c));
  vstore(to + 3 * STEP, add(vload(to + 3 * STEP), d));
}

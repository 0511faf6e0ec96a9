// The formulas of attention with the numbers of one token, and of one that it looks at. The products and the weights are the
// engine's own.
import type { AttentionOfLayer } from '../../protocol/protocol';
import { plainNumber, texNumber } from './numbers';
import { type LiveSymbol, type LiveTex, mark, rows, type SymbolName } from './symbols';

const value = (name: SymbolName, number: number): LiveSymbol => ({ name, value: plainNumber(number) });
const number = (name: SymbolName, of: number, isInside = true) => mark(name, texNumber(of, isInside));

/** A head's comparison with one token. */
function comparison({ heads, scale }: AttentionOfLayer, head: number, at: number) {
  const { content = [], position = [], weights = [] } = heads[head] ?? {};
  const score = (i: number) => scale * ((content[i] ?? 0) + (position[i] ?? 0));
  const total = weights.reduce((sum, _, i) => sum + Math.exp(score(i)), 0);
  return {
    content: content[at] ?? 0,
    position: position[at] ?? 0,
    weight: weights[at] ?? 0,
    score: score(at),
    total,
  };
}

/** How well query and key agree. */
export function scoreTex(layer: AttentionOfLayer, head: number, at: number): LiveTex {
  const { content, position, score } = comparison(layer, head, at);
  const isSplit = layer.contentWidth > 0;
  const width = layer.contentWidth + layer.positionWidth;
  // Where texts longer than a model was made for are read, it is another number than 1/√d (YaRN).
  const isRoot = Math.abs(layer.scale * Math.sqrt(width) - 1) < 1e-4;
  const scaled = (product: string, of: string) =>
    isRoot ? `\\dfrac{${product}}{${of}}` : `${of}\\,\\bigl(${product}\\bigr)`;
  const product = isSplit ? `${mark('content')}+${mark('position')}` : mark('product');
  const numbers = isSplit
    ? `${number('content', content)}+${number('position', position)}`
    : number('product', position);
  const scale = isRoot ? ('root' as const) : ('attendScale' as const);
  return {
    tex: rows(
      mark('attendScore'),
      scaled(product, mark(scale)),
      scaled(numbers, isRoot ? mark('root', `\\sqrt{${width}}`) : number('attendScale', layer.scale)),
      number('attendScore', score, false),
    ),
    symbols: [
      value('attendScore', score),
      ...(isSplit ? [value('content', content), value('position', position)] : [value('product', position)]),
      isRoot ? { name: 'root', value: `√${width}` } : value('attendScale', layer.scale),
    ],
  };
}

/** What the token counts for among all that are looked at. */
export function weightTex(layer: AttentionOfLayer, head: number, at: number): LiveTex {
  const { score, weight, total } = comparison(layer, head, at);
  return {
    tex: rows(
      mark('attendWeight'),
      `\\dfrac{e^{${mark('attendScore')}}}{${mark('attendTotal')}}`,
      `\\dfrac{e^{${number('attendScore', score, false)}}}{${number('attendTotal', total)}}`,
      number('attendWeight', weight, false),
    ),
    symbols: [value('attendWeight', weight), value('attendScore', score), value('attendTotal', total)],
  };
}

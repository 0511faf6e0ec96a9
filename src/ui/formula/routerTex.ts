// The router's formulas with one token's numbers. The scores, the bias and the weights are the engine's own.
import type { LayerChoices } from '../../protocol/protocol';
import { plainNumber, texNumber } from './numbers';
import { type LiveTex, mark, rows } from './symbols';

/** What one token was told by one layer's router: scores of all experts, and the chosen with their weights. */
export interface RoutedToken {
  readonly scores: readonly number[];
  readonly chosen: LayerChoices['tokens'][number];
}

/** How the scores come about, and which experts they choose. */
export function choiceTex({ router }: LayerChoices, { chosen }: RoutedToken): LiveTex {
  const score = mark('affinity');
  const of = router.scoring === 'sigmoid' ? '\\dfrac{1}{1+e^{-u_e}}' : '\\dfrac{e^{u_e}}{\\textstyle\\sum_j e^{u_j}}';
  const hasBias = router.bias.length > 0;
  const places = chosen.map(({ expert }) => expert).join(',\\,');
  return {
    tex: [
      `\\begin{aligned}${score}&=${of}\\\\[6pt]`,
      `${mark('chosen')}&=\\operatorname{top}_{${chosen.length}}\\bigl(${score}${hasBias ? `+${mark('bias')}` : ''}\\bigr)`,
      `=\\{${places}\\}\\end{aligned}`,
    ].join(''),
    symbols: [{ name: 'affinity' }, ...(hasBias ? [{ name: 'bias' as const }] : []), { name: 'chosen' }],
  };
}

/** What the best of the chosen experts counts for. */
export function gateTex({ router }: LayerChoices, { scores, chosen }: RoutedToken): LiveTex | undefined {
  const [best] = chosen;
  if (!best) return undefined;
  const score = (expert: number) => mark('affinity', texNumber(scores[expert] ?? Number.NaN));
  const scale = router.scale === 1 ? '' : `${texNumber(router.scale)}\\cdot `;
  const sum = chosen.map(({ expert }) => score(expert)).join('+');
  const general = router.isNormalized
    ? `\\dfrac{${mark('affinity')}}{\\sum_{j\\in ${mark('chosen')}}s_j}`
    : mark('affinity');
  const numbers = router.isNormalized ? `\\dfrac{${score(best.expert)}}{${sum}}` : score(best.expert);
  return {
    tex: rows(
      mark('expertWeight'),
      `${scale}${general}`,
      `${scale}${numbers}`,
      mark('expertWeight', texNumber(best.weight)),
    ),
    symbols: [
      { name: 'expertWeight', value: plainNumber(best.weight) },
      { name: 'affinity', value: plainNumber(scores[best.expert] ?? Number.NaN) },
      { name: 'chosen' },
    ],
  };
}

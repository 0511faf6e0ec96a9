// A dense SwiGLU (Shazeer, arXiv 2002.05202).
import type { Tensor } from '../../graph/graph';
import { linear } from '../../graph/operations/linear';
import { swiglu } from '../../graph/operations/pointwise';
import { type DecodeFfnShape, decodeDown, decodeGateUp, decodeHidden } from '../../kernels/moe/decodeExperts';
import type { DenseFeedForward } from '../architecture';
import {
  type Block,
  type BlockParameter,
  countElements,
  type LayerPass,
  type LayerStep,
  norm,
  normParameter,
} from '../block';

/** Gate and up lie together. */
export function swigluParameters(prefix: string, hidden: number, width: number): BlockParameter[] {
  const within = { name: `${prefix}gateUp.weight`, shape: [2 * hidden, width] };
  return [
    { name: `${prefix}gate.weight`, shape: [hidden, width], within },
    { name: `${prefix}up.weight`, shape: [hidden, width], within },
    { name: `${prefix}down.weight`, shape: [width, hidden] },
  ];
}

/** h (N, D) + the SwiGLU of x, h normed. */
export function swigluForward(pass: LayerPass, prefix: string, x: Tensor, h: Tensor): Tensor {
  const { g } = pass;
  const hidden = swiglu(g, linear(g, 'gate_up', x, pass.parameter(`${prefix}gateUp.weight`)));
  return linear(g, 'down', hidden, pass.parameter(`${prefix}down.weight`), h);
}

/** Where the matrices of a SwiGLU start among the parameters. */
export function swigluPlaces(step: LayerStep, prefix: string, hidden: number) {
  return {
    hidden,
    gateUpAt: step.place(`${prefix}gateUp.weight`).at,
    downAt: step.place(`${prefix}down.weight`).at,
  };
}

const parameters = ({ hidden }: DenseFeedForward, width: number) => [
  normParameter('norm', width),
  ...swigluParameters('', hidden, width),
];

export const denseFeedForward: Block<DenseFeedForward> = {
  parameters,
  cost: (f, width) => ({ active: countElements(parameters(f, width)), perKey: 0, cacheBytes: 0 }),

  forward: (pass, _, epsilon, h) => swigluForward(pass, '', norm(pass, 'norm', h, epsilon), h),

  decode(step, { hidden: width }, epsilon, h) {
    const { g, rows } = step;
    const norm = step.norm('norm.weight', epsilon);
    if (step.hasMany) {
      const gated = step.linear('gate_up', h, [step.matrix('gateUp')], { norm, isGated: true });
      return step.linear('down', gated, [step.matrix('down')], { residual: h });
    }
    const shape: DecodeFfnShape = { rows, width: h.shape[1] as number, shared: swigluPlaces(step, '', width) };
    const hidden = g.tensor('hidden', [rows, decodeHidden(shape)]);
    const y = g.tensor('residual', h.shape);
    g.emit(
      decodeGateUp({ ...shape, norm }, { x: h, pool: step.poolWith('norm.weight', 'gateUp.weight'), y: hidden }),
      decodeDown(shape, { hidden, pool: step.poolWith('down.weight'), residual: h, y }),
    );
    return y;
  },
};

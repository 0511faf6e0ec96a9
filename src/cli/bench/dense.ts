// The decoder that every engine can build: RMSNorm, RoPE over whole heads, SwiGLU, its head tied to the embedding. bench/peers
// has the same for other engines.
import type { Architecture, Layer } from '../../model/architecture';
import { initialTensors } from '../../model/parameters';

/** Sizes under the names that the peers know. */
export interface DenseShape {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly headWidth: number;
  readonly hidden: number;
  readonly epsilon: number;
  readonly ropeTheta: number;
}

export const DENSE: DenseShape = {
  vocabulary: 64,
  width: 128,
  layers: 4,
  heads: 4,
  headWidth: 32,
  hidden: 512,
  epsilon: 1e-6,
  ropeTheta: 10000,
};

/** Of 4.2 M parameters, for graphics cards. */
export const DENSE_4M: DenseShape = { ...DENSE, vocabulary: 4096, width: 256, heads: 8, hidden: 680 };

const INITIAL_SCALE = 0.02;
const MAX_POSITIONS = 256;

export function denseArchitecture(s: DenseShape): Architecture {
  const layer: Layer = {
    attention: {
      kind: 'groupedQuery',
      heads: s.heads,
      kvHeads: s.heads,
      headWidth: s.headWidth,
      rope: { width: s.headWidth, theta: s.ropeTheta, isInterleaved: false, scaling: null },
      scale: s.headWidth ** -0.5,
      hasBias: false,
      hasOutputBias: false,
      headNorm: null,
      window: null,
    },
    feedForward: { kind: 'dense', hidden: s.hidden },
    epsilon: s.epsilon,
  };
  return {
    vocabulary: s.vocabulary,
    width: s.width,
    layers: Array.from({ length: s.layers }, () => layer),
    epsilon: s.epsilon,
    isTied: true,
    maxPositions: MAX_POSITIONS,
  };
}

/** The same weights for every engine. */
export const denseTensors = (shape: DenseShape, seed: number) =>
  initialTensors(denseArchitecture(shape), INITIAL_SCALE, seed);

/** What the peers call the parameters of a layer. */
const PEER_NAMES: Readonly<Record<string, string>> = {
  'attention.norm': 'attention_norm',
  'attention.query': 'q',
  'attention.key': 'k',
  'attention.value': 'v',
  'attention.output': 'o',
  'feedForward.norm': 'mlp_norm',
  'feedForward.gate': 'gate',
  'feedForward.up': 'up',
  'feedForward.down': 'down',
};

/** Those weights as the peers are sent them: `0.q`, `0.attention_norm`, …, `norm`, `embedding`. */
export function peerTensors(shape: DenseShape, seed: number) {
  const peerName = (name: string) =>
    name.replace(/\.weight$/, '').replace(/^layers\.(\d+)\.(.*)$/, (_, layer, part) => `${layer}.${PEER_NAMES[part]}`);
  // Plain data, which can be sent to another process.
  return new Map([...denseTensors(shape, seed)].map(([name, { shape, data }]) => [peerName(name), { shape, data }]));
}

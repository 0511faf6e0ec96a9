// A decoder as data: the kinds of its blocks with their sizes, under no family's names. What a config.json says becomes this in
// families/; everything that computes, counts or tells of a model reads it.
// Axes: B batch, T time, N packed tokens, D width, H heads, K head width, E experts, F hidden width of an expert, V vocabulary.

/** How rotary position embedding (Su et al., arXiv 2104.09864) is stretched to more positions than it was trained on. */
export type RopeScaling = LinearScaling | Llama3Scaling | YarnScaling;

/** Every frequency is divided by `factor` (Chen et al., arXiv 2306.15595). */
export interface LinearScaling {
  readonly kind: 'linear';
  readonly factor: number;
}

/** Low frequencies are divided by `factor`, high ones kept, those between mixed (Llama 3.1). */
export interface Llama3Scaling {
  readonly kind: 'llama3';
  readonly factor: number;
  /** Pairs that make fewer turns than the first within originalPositions are low, those that make more than the second high. */
  readonly lowTurns: number;
  readonly highTurns: number;
  readonly originalPositions: number;
}

/** YaRN (Peng et al., arXiv 2309.00071). */
export interface YarnScaling {
  readonly kind: 'yarn';
  readonly factor: number;
  readonly originalPositions: number;
  readonly betaFast: number;
  readonly betaSlow: number;
  readonly mscale: number | null;
  readonly mscaleAllDim: number | null;
  readonly attentionFactor: number | null;
  /** Whether the correction range is rounded outward to whole dimensions. */
  readonly truncate: boolean;
}

export interface Rope {
  /** Numbers of a head that turn: two a pair. */
  readonly width: number;
  readonly theta: number;
  /** Pairs are neighbours (x0, x1), (x2, x3) …; otherwise halves (x0, x[width/2]) …. */
  readonly isInterleaved: boolean;
  readonly scaling: RopeScaling | null;
}

/** Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): keys and values are made from one small latent of a token. */
export interface LatentAttention {
  readonly kind: 'latent';
  readonly heads: number;
  /** Width of the query's latent; null: the query is one projection. */
  readonly queryRank: number | null;
  /** Width of the latent of keys and values. */
  readonly rank: number;
  /** Numbers of a head's query and key that do not turn; `rope.width` more do. */
  readonly nope: number;
  readonly rope: Rope;
  /** Width of a head's value. */
  readonly value: number;
  /** Factor on scores. */
  readonly scale: number;
  /** Whether the projections into latents and out have biases. */
  readonly hasBias: boolean;
  /** Of the latents' norms. */
  readonly epsilon: number;
}

/**
 * Grouped-query attention (Ainslie et al., arXiv 2305.13245): heads of keys and values are shared by neighbouring query
 * heads.
 */
export interface GroupedQueryAttention {
  readonly kind: 'groupedQuery';
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Of each head's first numbers; null: no position. */
  readonly rope: Rope | null;
  /** Factor on scores. */
  readonly scale: number;
  /** Whether the projections to queries, keys and values have biases, and the one out. */
  readonly hasBias: boolean;
  readonly hasOutputBias: boolean;
  /** RMS norms of queries and keys before they turn: of each head, or over all heads of a token at once. */
  readonly headNorm: { readonly kind: 'perHead' | 'wholeWidth'; readonly epsilon: number } | null;
  /** Keys that a query sees at most, itself among them; null: all before it. */
  readonly window: number | null;
}

export type Attention = LatentAttention | GroupedQueryAttention;

/** SwiGLU: down · (silu(gate · x) ⊙ (up · x)). */
export interface DenseFeedForward {
  readonly kind: 'dense';
  readonly hidden: number;
}

/** A mixture of experts: each token goes to topK of numExperts, and to all shared ones. */
export interface ExpertsFeedForward {
  readonly kind: 'experts';
  readonly numExperts: number;
  readonly topK: number;
  /** Of one expert. */
  readonly hidden: number;
  /** Experts that see every token: one SwiGLU, numShared · hidden wide. */
  readonly numShared: number;
  /** Of the router's logits: of each by itself, or over all experts. */
  readonly scores: 'sigmoid' | 'softmax';
  /** Whether a bias that is balanced, not trained, is added to the scores for the choice alone. */
  readonly hasSelectionBias: boolean;
  /** Experts are chosen within the best keptGroups of numGroups groups. */
  readonly numGroups: number;
  readonly keptGroups: number;
  /** Whether a token's weights are divided by their sum. */
  readonly isNormalized: boolean;
  /** Factor on the routed experts' sum. */
  readonly scale: number;
}

export type FeedForward = DenseFeedForward | ExpertsFeedForward;

/** h + attention(norm(h)), then h + feedForward(norm(h)). */
export interface Layer {
  readonly attention: Attention;
  readonly feedForward: FeedForward;
  /** Of the norms before both. */
  readonly epsilon: number;
}

export interface Architecture {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: readonly Layer[];
  /** Of the norm before the head. */
  readonly epsilon: number;
  /** Whether the head is the embedding. */
  readonly isTied: boolean;
  /** The head gives one number, a grade of the text up to its place, in the place of logits: a reward model. */
  readonly isGrader?: true;
  readonly maxPositions: number;
  /**
   * The layer of a module that predicts the token after the next one (multi-token prediction at depth one, DeepSeek-V3,
   * arXiv 2412.19437 §2.2). It is numbered after the last layer, and no part of the model's own answer.
   */
  readonly mtp?: Layer | undefined;
}

/** The layers by number, the module's own last. */
export function allLayers({ layers, mtp }: Pick<Architecture, 'layers' | 'mtp'>): readonly Layer[] {
  return mtp ? [...layers, mtp] : layers;
}

/** Layers with experts, by number, the module's own among them. */
export function expertLayers(architecture: Architecture): { layer: number; experts: ExpertsFeedForward }[] {
  return allLayers(architecture).flatMap(({ feedForward }, layer) =>
    feedForward.kind === 'experts' ? [{ layer, experts: feedForward }] : [],
  );
}

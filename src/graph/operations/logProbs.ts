// The head and what is asked of its logits: the log-probability of each row's target and the entropy. Logits of a large
// vocabulary are made a chunk of columns at a time, used and forgotten; the backward pass makes them again.
import { type Chunk, logProb, logProbBackward } from '../../kernels/loss/logProb';
import type { Graph, Tensor } from '../graph';
import { project, projectBackward } from './linear';

/** Most columns of logits that are there at once. */
const CHUNK_COLUMNS = 1024;
/** Rows of the head that a binding can start at, whatever the width: 128 rows of halves are a multiple of 256 bytes. */
const ROW_ALIGNMENT = 128;

export interface LogProbs {
  /** (N). Its gradient is (N, 2): the slopes of the loss in it and in the entropy. */
  readonly logProb: Tensor;
  /** (N): nats. */
  readonly entropy: Tensor;
  /** (N, V), if they are in one piece. */
  readonly logits: Tensor | undefined;
}

/** Chunks of about the same width. */
export function vocabularyChunks(vocabulary: number, most = CHUNK_COLUMNS): Chunk[] {
  const count = Math.ceil(vocabulary / most);
  const width = Math.ceil(vocabulary / count / ROW_ALIGNMENT) * ROW_ALIGNMENT;
  return Array.from({ length: Math.ceil(vocabulary / width) }, (_, i) => {
    const first = i * width;
    return { first, columns: Math.min(width, vocabulary - first) };
  });
}

/**
 * Of softmax(x·headᵀ / temperature) for x (N, D), head (V, D), targets (N).
 * @param s.isWhole keeps all logits in one piece, whatever it takes.
 */
export function logProbs(
  g: Graph,
  { x, head, targets }: { x: Tensor; head: Tensor; targets: Tensor },
  s: { temperature: number; isWhole?: boolean },
): LogProbs {
  const rows = targets.size;
  const vocabulary = head.shape[0] as number;
  const shape = { rows, vocabulary, temperature: s.temperature };
  const chunks = vocabularyChunks(vocabulary, s.isWhole ? vocabulary : CHUNK_COLUMNS);
  const isOne = chunks.length === 1;
  const headOf = (chunk: Chunk) => (isOne ? head : g.rows(head, chunk.first, chunk.columns));
  const logitsOf = (chunk: Chunk) => project(g, 'logits', x, headOf(chunk));

  const running = isOne ? undefined : g.tensor('running softmax', [rows, 4]);
  const results = {
    log_prob: g.tensor('log prob', [rows]),
    entropy: g.tensor('entropy', [rows]),
    log_sum_exp: g.tensor('log-sum-exp', [rows]),
  };
  let kept: Tensor | undefined;
  for (const chunk of chunks) {
    const logits = logitsOf(chunk);
    g.emit(logProb({ ...shape, chunk }, { logits, targets, running, ...results }));
    if (isOne) kept = logits;
  }
  const { log_prob, entropy, log_sum_exp } = results;
  g.onBackward([log_prob], (slopes) => {
    for (const chunk of chunks) {
      const logits = kept ?? logitsOf(chunk);
      g.emit(logProbBackward({ ...shape, chunk }, { logits, targets, log_sum_exp, entropy, slopes }));
      projectBackward(g, 'logits', x, headOf(chunk), logits);
    }
  });
  return { logProb: log_prob, entropy, logits: kept };
}

// Reverse KL divergence KL(p ‖ q) with p = softmax(logits / T) of the student and q = softmax(teacher / T): the loss of
// on-policy distillation (GKD, arXiv 2306.13649, with samples of the student and the reverse KL).
import { at, type Numbers } from './array';
import { logProb } from './logProb';

/** log softmax(logits / T) of every row: (N, V). */
function logSoftmax(logits: Numbers, rows: number, temperature: number): Float64Array {
  const width = logits.length / rows;
  const { logSumExp } = logProb(logits, new Uint32Array(rows), temperature);
  return Float64Array.from(
    { length: logits.length },
    (_, i) => at(logits, i) / temperature - at(logSumExp, Math.floor(i / width)),
  );
}

/** logits, teacher (N, V) → kl (N), in nats. */
export function klDivergence(logits: Numbers, teacher: Numbers, rows: number, temperature: number): Float64Array {
  const [logP, logQ] = [logSoftmax(logits, rows, temperature), logSoftmax(teacher, rows, temperature)];
  const width = logits.length / rows;
  const kl = new Float64Array(rows);
  logP.forEach((value, i) => {
    const row = Math.floor(i / width);
    kl[row] = at(kl, row) + Math.exp(value) * (value - at(logQ, i));
  });
  return kl;
}

/** d/dlogits (N, V) of Σ_n weights[n]·kl[n]: weight / T · p_v (log p_v − log q_v − kl). */
export function klDivergenceBackward(
  weights: Numbers,
  logits: Numbers,
  teacher: Numbers,
  temperature: number,
): Float64Array {
  const rows = weights.length;
  const width = logits.length / rows;
  const kl = klDivergence(logits, teacher, rows, temperature);
  const [logP, logQ] = [logSoftmax(logits, rows, temperature), logSoftmax(teacher, rows, temperature)];
  return logP.map((value, i) => {
    const row = Math.floor(i / width);
    return (at(weights, row) / temperature) * Math.exp(value) * (value - at(logQ, i) - at(kl, row));
  });
}

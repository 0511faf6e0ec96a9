// How a generation's rollouts are dealt out to the optimizer steps on it: shuffled, then cut into equal parts (TRL's
// shuffle_sequence_dict and split_tensor_dict; R1, arXiv 2501.12948: "randomly split into 16 mini-batches").
import { type Rng, shuffled } from '../../lib/rng';

/**
 * The rollouts, by index, of each of `parts` mini-batches of one size (`parts` divides them). Which of them a rollout
 * falls into is drawn; inside it they stand in their old order, so that those of one question are neighbours and its
 * prompt is read once. A single part has all of them, whatever the draw.
 */
export function cutMiniBatches(numRollouts: number, parts: number, draw: Rng): number[][] {
  const order = shuffled(numRollouts, draw);
  const size = numRollouts / parts;
  return Array.from({ length: parts }, (_, part) => order.slice(part * size, (part + 1) * size).sort((a, b) => a - b));
}

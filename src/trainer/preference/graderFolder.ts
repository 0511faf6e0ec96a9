// A language model's folder as that of a reward model before its first step.
import type { ModelFolder } from '../../formats/huggingface/folder';
import { rng } from '../../lib/rng';
import { floatTensor } from '../../lib/tensors/storedTensor';
import { asGrader } from '../../model/configJson';

/** The same weights with a fresh head that grades (normal with the model's initializer_range, as transformers makes it). */
export function graderFolder(folder: ModelFolder, seed: number): ModelFolder {
  const description = asGrader(folder.description);
  const draws = rng(seed, 'init', 0, 1);
  const score = Float32Array.from({ length: description.architecture.width }, () => draws.normal());
  const tensors = new Map(folder.tensors);
  tensors.delete('head.weight');
  tensors.set(
    'score.weight',
    floatTensor(
      [1, score.length],
      score.map((value) => value * description.initializerRange),
    ),
  );
  return { ...folder, description, tensors };
}

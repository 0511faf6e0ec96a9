// `pretrain RECIPE --out DIR`
import { readFileSync } from 'node:fs';
import { writeDirectory } from '../../checkpoint/nodeDirectory';
import { writeFolder } from '../../checkpoint/writeFolder';
import { type LanguageModel, toFolder } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { pretrain, pretrainRecipe } from '../../trainer/pretrain';
import { tokenizerFiles } from '../../tokenizer/files';

/** Writes a model as a Hugging Face folder. */
export async function saveModel(runtime: Runtime, model: LanguageModel, directory: string): Promise<void> {
  const folder = await toFolder(runtime, model);
  await writeDirectory(directory, writeFolder(folder, tokenizerFiles(model.tokenizer)));
}

export async function runPretrain(runtime: Runtime, recipePath: string, out: string): Promise<void> {
  const recipe = pretrainRecipe(JSON.parse(readFileSync(recipePath, 'utf8')));
  const start = performance.now();
  const model = await pretrain(runtime, recipe, async (p, current) => {
    console.log(JSON.stringify({ ...p, elapsedSeconds: Math.round((performance.now() - start) / 1000) }));
    if (p.step % 400 === 0) await saveModel(runtime, current, out);
    return true;
  });
  await saveModel(runtime, model, out);
}

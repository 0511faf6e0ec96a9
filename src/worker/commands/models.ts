// Commands about the loaded model.
import { loadLanguageModel } from '../../engine/languageModel';
import { readFolder } from '../../formats/huggingface/readFolder';
import { writeFolder } from '../../formats/huggingface/writeFolder';
import { zipFolder } from '../../formats/huggingface/zipSource';
import type { Commands } from '../../protocol/command';
import { lineageName, lineageSlug } from '../../protocol/lineage';
import type { ModelApi } from '../../protocol/models';
import { tokenizerFiles } from '../../tokenizer/files';
import type { Engine } from '../engine';

export const modelCommands = (engine: Engine): Commands<ModelApi> => ({
  async loadModel(source) {
    const { active, sources, emit } = engine;
    // A pipeline has models of its own, so it may run on.
    active.assertNotTraining('load another model');
    emit({ type: 'modelLoadProgressed', stage: 'download', done: 0, total: 0 });
    const { lineage, files } = await sources.find(source);
    const folder = await readFolder(files);
    emit({ type: 'modelLoadProgressed', stage: 'check', done: 1, total: 1 });
    emit({ type: 'modelLoadProgressed', stage: 'upload', done: 0, total: 1 });
    // The new model is whole on the device before the old one goes, so that a failure leaves the old one usable.
    const loaded = await loadLanguageModel(engine.runtime, lineageName(lineage), folder, true);
    await engine.lane.run(() => active.replace(loaded, lineage));
    const model = active.present();
    emit({ type: 'modelLoaded', model });
    // The first answer does not wait for a better device.
    void engine.computing.settle();
    return model;
  },

  modelInfo: () => engine.active.present(),

  exportModel: async (form) => zipFolder(await folderOf(engine, form), lineageSlug(engine.active.lineage)),

  keepModel: async (name) => engine.kept.keep(name, await folderOf(engine)),

  keptModels: () => engine.kept.list(),

  renameModel: (id, name) => engine.kept.rename(id, name),

  async deleteModel(id) {
    await engine.kept.delete(id);
    return null;
  },
});

/** The files of the loaded model as it is now. */
function folderOf({ active, lane }: Engine, dtype?: 'fp8'): Promise<ReadonlyMap<string, Uint8Array>> {
  return lane.run(async () => {
    const extras = { ...tokenizerFiles(active.model.tokenizer), ...active.openRunner?.extras };
    return writeFolder(await active.folder(), extras, [], { dtype });
  });
}

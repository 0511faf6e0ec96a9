// A Hugging Face model folder, read and checked whole before anything of it is used.
import { parseConfigJson } from '../model/configJson';
import type { FileSource, ModelFolder } from './folder';
import { ModelFolderError } from './folderError';
import { GENERATION_FILE, parseGenerationConfig } from './generationConfig';
import { readJson, readText } from './readJson';
import { readTensors } from './readTensors';

/** Small files that a folder may bring and that are written back unchanged. */
const CARRIED_FILES = ['tokenizer_config.json', 'chat_template.jinja', GENERATION_FILE, 'special_tokens_map.json'];

/**
 * Reads config.json, the weights and what else there is. Throws ModelConfigError, SafetensorsError or ModelFolderError:
 * each names the key, file or tensor at fault.
 */
export async function readFolder(source: FileSource): Promise<ModelFolder> {
  const json = await readJson(source, 'config.json');
  if (json === undefined) {
    const remedy = 'Choose the folder (or zip) that holds config.json and model.safetensors.';
    throw new ModelFolderError('missing_file', 'config.json', `${source.name}: there is no config.json.`, remedy);
  }
  const config = parseConfigJson(json);
  const tokenizerJson = await readJson(source, 'tokenizer.json');
  const generation = parseGenerationConfig(source.name, await readJson(source, GENERATION_FILE));
  const readme = await readText(source, 'README.md');
  const carriedFiles = new Map<string, Uint8Array>();
  for (const fileName of CARRIED_FILES) {
    const bytes = await source.read(fileName);
    if (bytes !== undefined) carriedFiles.set(fileName, bytes);
  }
  const tensors = await readTensors(source, config);
  return { config, tensors, tokenizerJson, readme, generation, carriedFiles };
}

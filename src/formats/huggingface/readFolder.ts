// A Hugging Face model folder, read and checked whole before anything of it is used.
import { isRecord } from '../../model/configError';
import { parseConfigJson } from '../../model/configJson';
import type { ModelDescription } from '../../model/description';
import { type FileSource, readAhead } from './fileSource';
import type { FolderNotice, ModelFolder } from './folder';
import { ModelFolderError } from './folderError';
import { GENERATION_FILE, parseGenerationConfig } from './generationConfig';
import { readBytes, readJson, readText } from './readJson';
import { readTensors } from './readTensors';
import { chatTemplateOf, configuredTemplate, TEMPLATE_FILE, TOKENIZER_CONFIG, tokenRoles } from './tokenRoles';
import { INDEX_FILE, WEIGHTS_FILE } from './weightFiles';

/** Small files that a folder may bring and that are written back unchanged. */
const CARRIED_FILES = [TOKENIZER_CONFIG, TEMPLATE_FILE, GENERATION_FILE, 'special_tokens_map.json'];

/** What is read of a folder before its weights. */
const SMALL_FILES = ['config.json', 'tokenizer.json', 'README.md', ...CARRIED_FILES, INDEX_FILE];

/**
 * Reads config.json, the weights and what else there is. Throws ModelConfigError, SafetensorsError or ModelFolderError:
 * each names the key, file or tensor at fault.
 */
export async function readFolder(folder: FileSource): Promise<ModelFolder> {
  const source = readAhead(folder, SMALL_FILES);
  // The weights are on their way, too; a failure is met by whoever reads them.
  folder.size(WEIGHTS_FILE).catch(() => {});
  const json = await readJson(source, 'config.json');
  if (json === undefined) {
    const remedy = 'Choose the folder (or zip) that holds config.json and model.safetensors.';
    throw new ModelFolderError('missing_file', 'config.json', `${source.name}: there is no config.json.`, remedy);
  }
  const description = parseConfigJson(json);
  const tokenizerJson = await readJson(source, 'tokenizer.json');
  const generation = parseGenerationConfig(source.name, await readJson(source, GENERATION_FILE));
  const readme = await readText(source, 'README.md');
  const carriedFiles = new Map<string, Uint8Array>();
  for (const fileName of CARRIED_FILES) {
    const bytes = await readBytes(source, fileName);
    if (bytes !== undefined) carriedFiles.set(fileName, bytes);
  }
  const notices: FolderNotice[] = [];
  const configured = configuredTemplate(carriedFiles);
  if (configured !== undefined && chatTemplateOf({ carriedFiles })?.trim() !== configured.trim())
    notices.push({ kind: 'templateTwice', taken: TEMPLATE_FILE, left: TOKENIZER_CONFIG });
  const named = withoutAssumedEnd(json, description, carriedFiles);
  const stored = await readTensors(source, named, (notice) => notices.push(notice));
  return { ...stored, tokenizerJson, readme, generation, carriedFiles, notices };
}

/** transformers takes token 1 for the end where config.json names none, but not where another file does. */
function withoutAssumedEnd(
  json: unknown,
  description: ModelDescription,
  carriedFiles: ReadonlyMap<string, Uint8Array>,
): ModelDescription {
  const endless = { ...description, tokenIds: { ...description.tokenIds, eos_token_id: null } };
  const others = tokenRoles({ description: endless, carriedFiles });
  const isNamed = others.eos_token != null || [others.eos_token_id ?? []].flat().length > 0;
  const isAssumed = isRecord(json) && !Object.hasOwn(json, 'eos_token_id');
  return isNamed && isAssumed ? endless : description;
}

// Which tokens of a folder begin, end and pad a text: config.json and generation_config.json say it by id,
// tokenizer_config.json by name. All that end a text count, as in transformers, whichever file names them.
import { isRecord, ModelConfigError, WRONG_VALUE } from '../../model/configError';
import { parseEndIds } from '../../model/tokenIds';
import type { TokenRoles } from '../../tokenizer/tokenizer';
import type { ModelFolder } from './folder';
import { GENERATION_FILE } from './generationConfig';
import { decodeText, parseJsonBytes } from './readJson';

export const TOKENIZER_CONFIG = 'tokenizer_config.json';
export const TEMPLATE_FILE = 'chat_template.jinja';

type CarriedFiles = ReadonlyMap<string, Uint8Array>;

const ROLES = ['bos_token', 'eos_token', 'pad_token'] as const;

/** The roles in a folder's files. Throws ModelConfigError or ModelFolderError, naming the file and the key. */
export function tokenRoles({
  description: { architecture, tokenIds },
  carriedFiles = new Map(),
}: Pick<ModelFolder, 'description' | 'carriedFiles'>): TokenRoles {
  const names = readCarried(carriedFiles, TOKENIZER_CONFIG);
  const generation = readCarried(carriedFiles, GENERATION_FILE);
  const generated = parseEndIds(generation.eos_token_id ?? null, architecture.vocabulary, GENERATION_FILE);
  const named = ROLES.map((role) => [role, parseName(role, names[role])] as const);
  return {
    ...Object.fromEntries(named),
    ...tokenIds,
    eos_token_id: [...new Set([tokenIds.eos_token_id, generated].flat().filter((id) => id !== null))],
  };
}

function readCarried(carriedFiles: CarriedFiles, file: string): Readonly<Record<string, unknown>> {
  const bytes = carriedFiles.get(file);
  const json = bytes === undefined ? {} : parseJsonBytes(bytes, file);
  if (isRecord(json)) return json;
  throw new ModelConfigError('the file', json, 'a JSON object', WRONG_VALUE, file);
}

/** The chat template of a folder: that of its own file, else that in tokenizer_config.json, of several the default one. */
export function chatTemplateOf({ carriedFiles = new Map() }: Pick<ModelFolder, 'carriedFiles'>): string | undefined {
  const bytes = carriedFiles.get(TEMPLATE_FILE);
  return bytes === undefined ? configuredTemplate(carriedFiles) : decodeText(bytes, TEMPLATE_FILE);
}

/** The template in tokenizer_config.json. */
export function configuredTemplate(carriedFiles: CarriedFiles): string | undefined {
  const found = readCarried(carriedFiles, TOKENIZER_CONFIG).chat_template ?? undefined;
  const named = (name: unknown) => isRecord(name) && name.name === 'default';
  const template: unknown = Array.isArray(found) ? found.find(named)?.template : found;
  if (template === undefined || typeof template === 'string') return template;
  const needed = 'the text of a template, or a list of them with names';
  throw new ModelConfigError('chat_template', found, needed, WRONG_VALUE, TOKENIZER_CONFIG);
}

/** A token's name, plain or as an added token's object. */
function parseName(role: string, value: unknown): string | null {
  const name = isRecord(value) ? value.content : value;
  if (name === undefined || name === null || name === false) return null;
  if (typeof name === 'string') return name;
  throw new ModelConfigError(role, value, 'the text of a token or null', WRONG_VALUE, TOKENIZER_CONFIG);
}

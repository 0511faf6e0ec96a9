// A fresh module for further tokens beside a model that has none.
import type { ModelFolder } from '../../formats/huggingface/folder';
import { SoliloquyError } from '../../lib/errors';
import { parseConfigJson, writeConfigJson } from '../../model/configJson';
import { isOfMtp } from '../../model/parameterShapes';
import { initialTensors } from '../../model/parameters';

/** A model that can have no such module, or has one. */
export class AddMtpError extends SoliloquyError {
  readonly code = 'bad_module';
}

/** The model with a module whose weights are drawn from the seed; its own are the same. Throws AddMtpError. */
export function withMtp(folder: ModelFolder, seed: number): ModelFolder {
  const { architecture } = folder.description;
  if (architecture.mtp) {
    throw new AddMtpError(
      'The model has a module for further tokens already (num_nextn_predict_layers 1).',
      'Train it as it is: leave out --add-mtp.',
    );
  }
  const json = JSON.parse(writeConfigJson(folder.description));
  const description = parseConfigJson({ ...json, num_nextn_predict_layers: 1 });
  if (!description.architecture.mtp) {
    throw new AddMtpError(
      `Models of the family ${description.family} have no module for further tokens.`,
      'Choose a model of deepseek_v3.',
    );
  }
  const fresh = initialTensors(description.architecture, description.initializerRange, seed);
  const added = [...fresh].filter(([name]) => isOfMtp(name, architecture));
  return { ...folder, description, tensors: new Map([...folder.tensors, ...added]) };
}

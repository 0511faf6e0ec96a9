// The settings that a training's files tell, as texts under the names of the program that wrote them.
import { MAX_TOLD } from './madeElsewhere';
import { isReserved } from './metricNames';
import { type JsonObject, wellFormed } from './pythonJson';

const MAX_SETTINGS_BYTES = 2 ** 18;
const MAX_TEXT = 500;

/** What transformers' trainer_state.json says of settings. */
const OF_STATE = ['max_steps', 'num_train_epochs', 'logging_steps', 'eval_steps', 'save_steps'];

type Told = Readonly<Record<string, string>>;

export function toldByState(state: JsonObject): Told {
  const batch = state.train_batch_size;
  return Object.fromEntries([
    ...OF_STATE.filter((name) => typeof state[name] === 'number').map((name) => [name, String(state[name])]),
    ...(typeof batch === 'number' ? [['per_device_train_batch_size', String(batch)]] : []),
  ]);
}

/** The plain settings of a YAML file, those of its first level with a value in their line, as `export-job` writes them. */
export async function readSettings(size: number, open: () => Promise<Blob>): Promise<Told> {
  if (size > MAX_SETTINGS_BYTES) return {};
  const lines = (await (await open()).text()).split(/\r?\n/);
  const found = lines.flatMap((line) => {
    const [, name, value] = /^([A-Za-z_][\w.]{0,80}):\s+([^#\s].*)$/.exec(line) ?? [];
    return name === undefined || isReserved(name) ? [] : [[name, textOf(value as string)] as const];
  });
  return Object.fromEntries(found.slice(0, MAX_TOLD));
}

/** A value without its quotes. */
function textOf(value: string): string {
  const text = value.trim();
  try {
    const read: unknown = JSON.parse(text);
    return wellFormed(typeof read === 'string' ? read : JSON.stringify(read)).slice(0, MAX_TEXT);
  } catch {
    return wellFormed(text).slice(0, MAX_TEXT);
  }
}

/** The weights of rewards by their names, where settings tell both: TRL has a list of each. */
export function weightsOf(told: Told): Readonly<Record<string, number>> | undefined {
  const list = (text = ''): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  const [names, weights] = [list(told.reward_funcs), list(told.reward_weights)];
  if (!Array.isArray(names) || !Array.isArray(weights) || names.length !== weights.length) return undefined;
  if (!weights.every((weight) => typeof weight === 'number')) return undefined;
  return Object.fromEntries(names.map((name, i) => [String(name).split('.').at(-1), weights[i] as number]));
}

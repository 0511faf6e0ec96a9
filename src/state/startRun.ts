// Starting a run: from where, whether that is a place to learn from, and then the run itself.
import type { ModelInfo, RunSettings } from '../worker/protocol';
import { showInvalidField } from './invalidFields';
import { command, leaveRun, type StartDoubt, useRun, useShelf } from './run';
import { isOpenRun } from './runReducer';
import { callEngine, loadModel, requireModel, useSession } from './session';
import { chosenStart, isProven, lastRunOf, type Start } from './start';

/** Chooses where the next run starts; undefined: where it would by itself. */
export function chooseStart(start: string | undefined): void {
  useShelf.setState({ start });
}

interface StartOptions {
  /** It then waits for a step. */
  readonly paused?: boolean;
  /** The reader was told what to doubt. */
  readonly isSure?: boolean;
}

/**
 * Starts a new run from the chosen place. Where that place is not known to be right at times it is tried first; if it never is,
 * the shelf's `doubt` says so, and nothing starts. Nothing starts either while a field shows what it cannot take.
 */
export async function startRun(
  settings: RunSettings,
  { paused = false, isSure = false }: StartOptions = {},
): Promise<boolean> {
  if (showInvalidField() || useShelf.getState().pending !== undefined) return false;
  if (!isSure && (await isDoubted(settings, paused))) return false;
  return command('start', async () => {
    const loaded = await requireModel();
    if (!loaded.ok) return loaded;
    const start = startNow(loaded.value);
    leaveRun();
    useShelf.setState({ start: undefined });
    const model = start === 'loaded' ? loaded : await loadModel({ kind: 'shipped', id: start.id });
    return model.ok ? callEngine((api) => api.startRun(settings, paused)) : model;
  });
}

function startNow(model: ModelInfo): Start {
  return chosenStart(model, useSession.getState().catalogue?.models ?? [], useShelf.getState().start);
}

async function isDoubted(settings: RunSettings, paused: boolean): Promise<boolean> {
  useShelf.setState({ pending: 'try', problem: undefined, doubt: undefined });
  const doubt = await findDoubt(settings, paused);
  useShelf.setState({ pending: undefined, doubt });
  return doubt !== undefined;
}

async function findDoubt(settings: RunSettings, paused: boolean): Promise<StartDoubt | undefined> {
  const loaded = await requireModel();
  // What keeps a model from loading keeps a run from starting, and is said there.
  if (!loaded.ok) return undefined;
  const start = startNow(loaded.value);
  const models = useSession.getState().catalogue?.models ?? [];
  if (isProven(start, settings, loaded.value, models, lastRunOf(useRun.getState()))) return undefined;
  const trial = await callEngine((api) => api.tryStart(settings, start === 'loaded' ? undefined : start.id));
  // What cannot be tried cannot be started either, and the engine then says why.
  if (!trial.ok || trial.value.right > 0) return undefined;
  return { settings, paused, start, model: start === 'loaded' ? loaded.value.name : start.id, trial: trial.value };
}

/** Starts what was doubted; from another place if one is named. */
export async function startAnyway(from?: string): Promise<void> {
  const { doubt } = useShelf.getState();
  if (doubt === undefined) return;
  const { settings, paused } = doubt;
  useShelf.setState({ doubt: undefined, ...(from !== undefined && { start: from }) });
  const isStarted = await startRun(settings, { paused, isSure: from === undefined });
  if (isStarted && paused) await takeStep();
}

export function dismissDoubt(): void {
  useShelf.setState({ doubt: undefined });
}

const takeStep = () => command('step', () => callEngine((api) => api.stepRun()));

/** One step: of the paused run, or of a new one with these settings that stays paused; nothing where there are none. */
export async function stepRun(settings?: RunSettings): Promise<void> {
  const isOpen = isOpenRun(useRun.getState());
  if (isOpen || (settings !== undefined && (await startRun(settings, { paused: true })))) await takeStep();
}

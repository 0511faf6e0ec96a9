// The engine's side of protocol.ts: opens the engine, and answers every command with a value or an error that says what to do.
import { type ChosenDevice, chooseDevice, type DeviceSources, openFirst } from '../device/chooseDevice';
import type { Shaders } from '../device/contract';
import { createRuntime, SHADERS } from '../engine/runtime';
import { ownTaskInfo, taskInfo } from '../protocol/catalogue';
import { answer, apiOf, type EngineCommands, SessionError } from '../protocol/command';
import type { Catalogue, EngineApi } from '../protocol/protocol';
import { allRewards } from '../rewards/registry';
import type { Sandbox } from '../sandbox/sandbox';
import type { RunLocks } from '../storage/runLocks';
import type { SlotFolder } from '../storage/slotFile';
import { openTuningTables } from '../storage/tuningTables';
import { allTasks } from '../tasks/registry';
import { allPresets } from '../trainer/grpo/presets';
import { askCommands } from './commands/asking';
import { deviceCommands } from './commands/device';
import { jobCommands } from './commands/jobs';
import { knowledgeCommands } from './commands/knowing';
import { labCommands } from './commands/laboratory';
import { measureCommands } from './commands/measuring';
import { modelCommands } from './commands/models';
import { pipelineCommands } from './commands/pipelines';
import { problemCommands } from './commands/problems';
import { runCommands } from './commands/runs';
import type { DeviceWays } from './computing';
import { Engine } from './engine';
import { presentPipelines } from './presentPipeline';
import { collectLeftovers, openStores } from './stores';

/** What the engine needs of where it runs. */
export interface EngineHost {
  /** The ways to the devices there. */
  devices(shaders: Shaders): DeviceSources;
  /** Where the page's files are. */
  readonly baseUrl: URL;
  /** Where checkpoints are kept; called once the engine opens. */
  openSlots(): Promise<SlotFolder>;
  /** Keep two tabs from going on with one run. */
  readonly locks: RunLocks;
  /** Runs answers that are programs, and the reader's own reward. */
  readonly sandbox: Sandbox;
}

const commandsOf = (engine: Engine, devices: DeviceSources): EngineCommands => ({
  ...deviceCommands(engine, devices),
  ...modelCommands(engine),
  ...askCommands(engine),
  ...runCommands(engine),
  ...measureCommands(engine),
  ...knowledgeCommands(engine),
  ...pipelineCommands(engine),
  ...problemCommands(engine),
  ...jobCommands(engine),
  ...labCommands(engine),
});

async function catalogueOf(engine: Engine, models: Catalogue['models']): Promise<Catalogue> {
  return {
    kept: engine.stores.kept,
    device: engine.computing.device,
    tasks: [...allTasks().map(taskInfo), ...(await engine.problems.list()).map(ownTaskInfo)],
    presets: allPresets(),
    rewards: allRewards().map(({ name, needs }) => ({ name, ...(needs && { needs }) })),
    models,
    pipelines: presentPipelines(),
  };
}

/** An engine that is not open yet: until it is, every command but `open` fails. */
export function createEngineSession({ devices, baseUrl, openSlots, locks, sandbox }: EngineHost): EngineApi {
  let opened: { readonly engine: Engine; readonly commands: EngineCommands } | undefined;

  const sources = devices(SHADERS);
  const runtimeOf = ({ device, why }: ChosenDevice) => ({
    runtime: createRuntime(device, sandbox, openTuningTables()),
    why,
  });
  const ways: DeviceWays = {
    open: async (wish) => runtimeOf(await chooseDevice(wish, sources)),
    openFirst: async (wish) => {
      const { settle, ...chosen } = await openFirst(wish, sources);
      const first = runtimeOf(chosen);
      if (!settle) return first;
      const settled = async () => {
        const later = await settle();
        return later.device === chosen.device ? { ...first, why: later.why } : runtimeOf(later);
      };
      return { ...first, settle: settled };
    },
  };

  const create = async () => {
    const engine = new Engine(await openStores(openSlots), locks, baseUrl, ways);
    return { engine, commands: commandsOf(engine, sources) };
  };

  const open: EngineApi['open'] = (onEvents, wish) =>
    answer(async () => {
      const created = opened ?? (await create());
      const { engine } = created;
      const [models] = await Promise.all([engine.sources.shippedModels(), engine.connect(wish, onEvents)]);
      opened = created;
      // What is left over now will be so at the next opening, too, if it cannot be collected.
      void collectLeftovers(engine.stores, locks).catch(() => undefined);
      return catalogueOf(engine, models);
    });

  return apiOf(open, (name, parameters) =>
    answer(() => {
      if (!opened) throw new SessionError('The engine is not open yet.', 'Wait for it to start.');
      const command = opened.commands[name] as (...parameters: readonly unknown[]) => unknown;
      return command(...parameters);
    }),
  );
}

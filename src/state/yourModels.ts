// The models of the reader's own: kept, trained by a stored run, or made by a pipeline; offered wherever one is chosen.
import { create } from 'zustand';
import { lineageName, lineageOf } from '../protocol/lineage';
import type { KeptModel } from '../protocol/models';
import type { DescribedError, ModelSource, PipelineRun, StoredRun } from '../protocol/protocol';
import type { Session, YourModel } from './session';

export interface YourModelsState {
  readonly kept: readonly KeptModel[];
  readonly problem: DescribedError | undefined;
}

/** Every model of the reader's own, kept ones first, under the name that it has while it is loaded. */
export function yourModels(
  kept: readonly KeptModel[],
  runs: readonly StoredRun[],
  pipelines: readonly PipelineRun[],
): readonly YourModel[] {
  const named = (name: string, source: ModelSource): YourModel => ({ key: JSON.stringify(source), name, source });
  return [
    ...kept.map(({ id, name }) => named(name, { kind: 'kept', id })),
    ...runs
      .filter(({ savedStep, isElsewhere }) => !isElsewhere && savedStep !== undefined && savedStep > 0)
      .map((run) => named(lineageName(lineageOf(run)), { kind: 'run', runId: run.id })),
    ...pipelines.flatMap(({ pipeline, done }) =>
      done
        .filter(({ name, evaluation }) => evaluation && pipeline.stages.some((stage) => stage.name === name))
        .map(({ name }) =>
          named(`${pipeline.name}/${name}`, { kind: 'checkpoint', pipeline: pipeline.name, checkpoint: name }),
        ),
    ),
  ];
}

export class YourModelStore {
  readonly useKeptModels = create<YourModelsState>()(() => ({ kept: [], problem: undefined }));

  constructor(private readonly session: Pick<Session, 'callEngine' | 'useSession'>) {}

  /** Reads again what there is. */
  refreshYourModels = async (): Promise<void> => {
    const { session } = this;
    const [kept, runs, pipelines] = await Promise.all([
      session.callEngine((api) => api.keptModels()),
      session.callEngine((api) => api.listRuns()),
      session.callEngine((api) => api.listPipelines()),
    ]);
    if (!kept.ok) return this.useKeptModels.setState({ problem: kept.error });
    this.useKeptModels.setState({ kept: kept.value });
    const yours = yourModels(kept.value, runs.ok ? runs.value : [], pipelines.ok ? pipelines.value : []);
    session.useSession.setState({ yours });
  };

  /** Keeps the loaded model as it is now. */
  keepModel = (name: string): Promise<boolean> => this.#do((api) => api.keepModel(name));
  renameModel = (id: string, name: string): Promise<boolean> => this.#do((api) => api.renameModel(id, name));
  deleteModel = (id: string): Promise<boolean> => this.#do((api) => api.deleteModel(id));

  async #do(command: Parameters<Session['callEngine']>[0]): Promise<boolean> {
    const result = await this.session.callEngine(command);
    this.useKeptModels.setState({ problem: result.ok ? undefined : result.error });
    if (result.ok) await this.refreshYourModels();
    return result.ok;
  }
}

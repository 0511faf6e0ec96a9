// Whether the answers that a pipeline asks for fit its models, as far as these are known before anything is trained.
import { SoliloquyError } from '../../lib/errors';
import { defaultConfig, PRESETS } from '../../model/presets';
import { grpoConfig } from '../grpoConfig';
import { checkCompletionLength } from '../positions';
import { getPreset } from '../presets';
import { makesModel, type Pipeline, PipelineError, type Stage } from './pipeline';

type Positions = { readonly max_position_embeddings: number };

/** Throws PipelineError naming the stage whose answers do not fit. @param inputs the given models by name. */
export function checkLengths(pipeline: Pipeline, inputs: ReadonlyMap<string, { readonly config: Positions }>): void {
  const known = new Map([...inputs].map(([name, { config }]) => [name, config]));
  const check = (who: string, max_completion_length: number | undefined, config: Positions | undefined) => {
    if (max_completion_length === undefined || !config) return;
    try {
      checkCompletionLength({ max_completion_length }, config);
    } catch (cause) {
      if (!(cause instanceof SoliloquyError)) throw cause;
      throw new PipelineError(`${who}: ${cause.userMessage}`, cause.remedy, { cause });
    }
  };
  const { max_completion_length } = pipeline.evaluation;
  for (const name of pipeline.inputs) check(`Evaluation of ${name}`, max_completion_length, known.get(name));
  for (const stage of pipeline.stages) {
    const config = stage.kind === 'initialize' ? initial(stage) : known.get(stage.from);
    check(`Stage ${stage.name}`, longestAnswer(stage), config);
    if (stage.kind === 'distil') check(`Stage ${stage.name}`, longestAnswer(stage), known.get(stage.teacher));
    if (!makesModel(stage) || !config) continue;
    check(`Evaluation of ${stage.name}`, max_completion_length, config);
    known.set(stage.name, config);
  }
}

function initial({ preset, model }: Extract<Stage, { kind: 'initialize' }>): Positions {
  const { max_position_embeddings } = { ...defaultConfig(PRESETS[preset]), ...model };
  return { max_position_embeddings: Number(max_position_embeddings) };
}

/** Undefined where the stage samples nothing. */
function longestAnswer(stage: Stage): number | undefined {
  if (stage.kind === 'grpo') {
    return grpoConfig({ ...getPreset(stage.preset).options, ...stage.options }).max_completion_length;
  }
  if (stage.kind === 'distil') return stage.options.max_completion_length;
  return stage.kind === 'reject' ? stage.sampling.max_completion_length : undefined;
}

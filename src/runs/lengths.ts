// Whether the answers that a pipeline asks for fit its models, as far as these are known before anything is trained.
import { SoliloquyError } from '../lib/errors';
import type { Architecture } from '../model/architecture';
import { PRESETS, presetModel } from '../model/presets';
import { grpoConfig } from '../trainer/grpo/grpoConfig';
import { getPreset } from '../trainer/grpo/presets';
import { checkCompletionLength } from '../trainer/positions';
import { makesModel, type Pipeline, PipelineError, type Stage } from './pipeline';

type Positions = Pick<Architecture, 'maxPositions'>;
type Input = { readonly description: { readonly architecture: Positions } };

/** Throws PipelineError naming the stage whose answers do not fit. @param inputs the given models by name. */
export function checkLengths(pipeline: Pipeline, inputs: ReadonlyMap<string, Input>): void {
  const known = new Map([...inputs].map(([name, { description }]) => [name, description.architecture]));
  const check = (who: string, max_completion_length: number | undefined, model: Positions | undefined) => {
    if (max_completion_length === undefined || !model) return;
    try {
      checkCompletionLength({ max_completion_length }, model);
    } catch (cause) {
      if (!(cause instanceof SoliloquyError)) throw cause;
      throw new PipelineError(`${who}: ${cause.userMessage}`, cause.remedy, { cause });
    }
  };
  const { max_completion_length } = pipeline.evaluation;
  for (const name of pipeline.inputs) check(`Evaluation of ${name}`, max_completion_length, known.get(name));
  for (const stage of pipeline.stages) {
    const model = stage.kind === 'initialize' ? initial(stage) : known.get(stage.from);
    check(`Stage ${stage.name}`, longestAnswer(stage), model);
    if (stage.kind === 'distil') check(`Stage ${stage.name}`, longestAnswer(stage), known.get(stage.teacher));
    if (!makesModel(stage) || !model) continue;
    check(`Evaluation of ${stage.name}`, max_completion_length, model);
    known.set(stage.name, model);
  }
}

function initial({ preset, model }: Extract<Stage, { kind: 'initialize' }>): Positions {
  return presetModel(preset, PRESETS[preset].vocab_size, model).architecture;
}

/** Undefined where the stage samples nothing. */
function longestAnswer(stage: Stage): number | undefined {
  if (stage.kind === 'grpo') {
    return grpoConfig({ ...getPreset(stage.preset).options, ...stage.options }).max_completion_length;
  }
  if (stage.kind === 'distil') return stage.options.max_completion_length;
  return stage.kind === 'reject' ? stage.sampling.max_completion_length : undefined;
}

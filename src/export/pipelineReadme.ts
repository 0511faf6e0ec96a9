// README.md of a pipeline's job.
import type { Pipeline } from '../runs/pipeline';
import { getTask } from '../tasks/registry';
import type { Target } from './jobRun';
import type { NumberedStep } from './pipelineStages';
import { filled, NO_BITS, plain } from './readmeText';
import pipelineText from './texts/pipeline.md?raw';
import ray from './texts/ray.md?raw';

interface PipelineFacts {
  readonly pipeline: Pipeline;
  readonly target: Target;
  /** The hub's base, if there is one. */
  readonly model: string | undefined;
  readonly begin: readonly string[];
  readonly steps: readonly NumberedStep[];
  /** Training problems. */
  readonly train: number;
}

export function pipelineReadme({ pipeline, target, model, begin, steps, train }: PipelineFacts): string {
  const label = plain(getTask(pipeline.task).about.en.label);
  const start =
    model === undefined
      ? `It begins with what was made in Soliloquy: ${begin.map((name) => `\`models/${name}/\``).join(', ')}.`
      : `It begins with \`${model}\` in the place of ${begin.join(', ')}.`;
  const count = steps.length === 1 ? 'one stage' : `${steps.length} stages`;
  const rows = steps.map(({ name, script, path }) => `| ${name} | ${script} | ${path} |`);
  const differs = [
    NO_BITS,
    'All stages draw from one list of problems, each once; in the tab each stage draws its own.',
    ...(model === undefined
      ? []
      : [
          'Reinforcement learning has the rates of large models; the other stages have the tab’s, which fit models of less ' +
            'than a million parameters: lower them (1e-5 is usual).',
          'A base of the hub does not know the form of an answer before the first stage has taught it.',
        ]),
    ...steps.flatMap((step) => step.differs),
  ];
  return `${[
    `# ${plain(pipeline.name)}, continued by TRL`,
    `A pipeline of ${count} on “${label}”, as it stands in Soliloquy. ${start} There are ${train} training problems.`,
    ['| Stage | Script | Settings |', '|---|---|---|', ...rows].join('\n'),
    filled(pipelineText, { example: example(steps[0] as NumberedStep) }),
    ...(target === 'ray'
      ? [`${filled(ray, {})}\n\n\`WORKERS=2 bash run.sh\` does the stages of reinforcement learning so.`]
      : []),
    `## What differs from the pipeline in the tab\n\n${differs.map((line) => `- ${line}`).join('\n')}`,
    '## Back in Soliloquy\n\nEvery `output/NAME/` that holds a model opens on *Models*, its `trainer_state.json` on *Compare*.',
  ].join('\n\n')}\n`;
}

/** One stage by hand, shorter than it is. */
function example({ script, path }: NumberedStep): string {
  const shorter = script === 'reject.py' ? '--problems 16' : '--max_steps 3';
  return `python ${script} --config ${path} ${shorter} --output_dir output/trial`;
}

// What a person reads of a pipeline: lines while it runs, and a table of its checkpoints in the end.

import { shareWithInterval } from '../formats/huggingface/modelCard';
import { formatSeconds } from '../lib/formatSeconds';
import type { Done, PipelineRecord } from '../runs/pipelineRecord';
import type { PipelineEvent } from '../runs/pipelineRunner';
import { REJECTION_REASONS } from '../trainer/rejection/rejectionSet';
import { note, Progress, printLine } from './console';
import { stepLine } from './evaluation';

const FIGURES = [
  ['loss', 'loss', 4],
  ['reward', 'reward', 3],
  ['accuracy', 'rewards/accuracy/mean', 3],
  ['grade', 'rewards/reward_model/mean', 3],
  ['kl', 'kl', 4],
  ['pairs', 'pairs', 0],
  ['length', 'completions/mean_length', 1],
  ['kept', 'kept', 0],
  ['tokens', 'num_tokens', 0],
] as const;

/** What a stage counts. */
const UNITS: Readonly<Record<string, string>> = { reject: 'problems', pairs: 'pairs' };

/** Says on stdout what was measured, and on stderr how far the stage is. */
export class PipelineReporter {
  #progress = new Progress('', 0, '');

  report(event: PipelineEvent): void {
    switch (event.type) {
      case 'stageOpened': {
        const { stage, step, total, change } = event;
        const from = 'from' in stage ? ` from ${stage.from}` : '';
        note(`\n${stage.name}: ${stage.kind}${from}${step > 0 ? `, going on after step ${step}` : ''}`);
        if (change !== undefined) note(change);
        this.#progress = new Progress(stage.name, total, UNITS[stage.kind] ?? 'steps', step);
        return;
      }
      case 'stepFinished': {
        const { step, total, metrics } = event;
        if (metrics)
          note(`${stepLine(step, total, metrics, FIGURES)}  ${formatSeconds(this.#progress.secondsLeft(step))} left`);
        this.#progress.update(step, true);
        return;
      }
      case 'answerWritten':
        note(`writes: ${event.written.question}${event.written.text}`);
        return;
      case 'evaluating':
        return;
      case 'checkpointDone':
        this.#progress.end();
        printLine(doneLine(event.done));
        return;
      default:
        event satisfies never;
    }
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function doneLine({ name, evaluation, rejection, preferences }: Done): string {
  if (rejection) {
    const { sampled, kept, dropped } = rejection;
    const reasons = REJECTION_REASONS.filter((reason) => dropped[reason] > 0).map((r) => `${dropped[r]} ${r}`);
    return `${name}: kept ${kept} of ${sampled}; left out: ${reasons.join(', ') || 'none'}`;
  }
  if (preferences) {
    const { pairs, problems, chosen_correct, rejected_correct } = preferences;
    const right = `${percent(chosen_correct)} of the chosen, ${percent(rejected_correct)} of the rejected`;
    return `${name}: ${pairs} pairs from ${problems} problems; right: ${right}`;
  }
  if (!evaluation) return `${name}: done`;
  const { problems, accuracy, format, mean_thinking_tokens, language, tasks = {} } = evaluation;
  const words = `English ${language.en.toFixed(3)}  Chinese ${language.zh.toFixed(3)}`;
  const share = `${shareWithInterval(accuracy, problems)} on ${problems} problems`;
  const byTask = Object.entries(tasks)
    .map(([task, of]) => `\n  ${task}: ${of.accuracy.toFixed(3)} of ${of.problems}`)
    .join('');
  const thinking = `format ${format.toFixed(3)}  thinking ${mean_thinking_tokens.toFixed(1)} tokens`;
  return `${name}: accuracy ${share}  ${thinking}  ${words}${byTask}`;
}

const HEADINGS = [
  'checkpoint',
  'made by',
  'from',
  'accuracy',
  'format',
  'thinking',
  'en',
  'zh',
  'steps',
  'tokens',
  'time',
];

/** The checkpoints as a table of Markdown. */
export function stageTable({ pipeline, done }: PipelineRecord): string {
  const rows = done.map(({ name, evaluation, rejection, steps, tokens, seconds }) => {
    const stage = pipeline.stages.find((other) => other.name === name);
    const measuredOf = evaluation && [
      `${shareWithInterval(evaluation.accuracy, evaluation.problems)} of ${evaluation.problems}`,
      evaluation.format.toFixed(3),
      evaluation.mean_thinking_tokens.toFixed(1),
      evaluation.language.en.toFixed(3),
      evaluation.language.zh.toFixed(3),
    ];
    const kept = rejection && [`${rejection.kept} of ${rejection.sampled} kept`, '', '', '', ''];
    const made = [name, stage?.kind ?? 'input', stage && 'from' in stage ? stage.from : ''];
    return [
      ...made,
      ...(measuredOf ?? kept ?? ['', '', '', '', '']),
      rejection ? '' : `${steps}`,
      `${tokens}`,
      formatSeconds(seconds),
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEADINGS), line(HEADINGS.map(() => '---')), ...rows.map(line)].join('\n');
}

// What `pretrain`, `sft` and `grpo` share: a training driven to its end or until Ctrl-C, a line a step, the log, checkpoints,
// and in the end the model and its card.
import { join } from 'node:path';
import { type LanguageModel, modelFiles, streamModelFiles } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { SettingChange } from '../formats/huggingface/modelCard';
import type { StreamedFiles } from '../formats/huggingface/writeFolder';
import { formatSeconds } from '../lib/formatSeconds';
import { cliCommand } from '../lib/shell';
import { type DeviceStretch, deviceChangeText, goneOnWith } from '../runs/devices';
import { Driver, type DriverHost } from '../runs/driver';
import { evaluationMetrics } from '../runs/evaluationMetrics';
import type { Rhythm } from '../runs/rhythm';
import { type Alarm, alarmText, type MeasuredStep, soundingAlarms } from '../trainer/alarms';
import type { Evaluation } from '../trainer/evaluation/evaluate';
import { type Ailing, ailmentText } from '../trainer/health';
import type { MemoryPlan } from '../trainer/memoryPlan';
import type { Metrics, StepWatch, Training } from '../trainer/training';
import type { Arguments } from './command';
import { note, Progress, printLine } from './console';
import { evaluationLine, stepLine } from './evaluation';
import { INTERRUPTED, listenForInterrupt } from './interrupt';
import { planLine } from './memory';
import { type MetricsLog, openMetricsLog } from './metricsLog';
import type { AboutRun, ResumedRun, RunFolder } from './runFolder';
import { readSet } from './settings';
import { openTensorboardLog, TENSORBOARD } from './tensorboardLog';

/** What --set may change of a run that is resumed: what helps one that went wrong. */
export const RESUMABLE_SETTINGS: readonly string[] = ['learning_rate', 'max_grad_norm'];

/** The settings of a resumed run with what --set changes of them. Throws UsageError. */
export function withResumedSet<T extends object>(args: Arguments, settings: T): T {
  return { ...settings, ...readSet(args, RESUMABLE_SETTINGS, 'resumable') };
}

/** What is known of a run when its card is written. */
export interface RunFacts {
  /** Of the model as it is, where it was measured. */
  readonly evaluation: Evaluation | undefined;
  /** Accuracy on the same problems before the first step. */
  readonly accuracyBefore: number | undefined;
  readonly step: number;
  readonly seconds: number;
  readonly changes: readonly SettingChange[];
}

export interface TrainingJob {
  readonly folder: RunFolder;
  readonly about: Pick<AboutRun, 'kind' | 'settings'>;
  readonly resumed: ResumedRun | undefined;
  /** At its beginning; it is restored here. */
  readonly training: Training;
  readonly model: LanguageModel;
  readonly rhythm: Rhythm;
  /** What is trained, in a line. */
  readonly headline: string;
  readonly plan: MemoryPlan;
  /** Path of the log, or `tensorboard`; undefined: none. */
  readonly log: string | undefined;
  /** Steps after which the model is written into a folder of its own; none if not given. */
  readonly keepAt?: readonly number[];
  /** What a step's line shows. */
  readonly figures: readonly (readonly [label: string, metric: string, digits: number])[];
  readonly watch?: Omit<StepWatch, 'isTold'>;
  /** Held-out problems of an evaluation, of a run whose metrics alarms are told from. */
  readonly evalProblems?: number;
  /** Files that go with the model beside its own. */
  readonly extras?: StreamedFiles;
  /** Where its rhythm asks for evaluations. */
  evaluate?(onProgress: (done: number, total: number) => void): Promise<Evaluation>;
  /** The model card. */
  card(facts: RunFacts): string;
}

/** Drives a training for a person at a terminal. */
export class TrainingCommand {
  readonly #driver: Driver;
  readonly #progress: Progress;
  readonly #log: MetricsLog;
  readonly #devices: readonly DeviceStretch[];
  #evaluation: Evaluation | undefined;
  #accuracyBefore: number | undefined;
  readonly #measured: MeasuredStep[] = [];
  #alarms: readonly Alarm[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly job: TrainingJob,
  ) {
    const { training, resumed } = job;
    if (resumed) training.restore(resumed.memory);
    this.#accuracyBefore = resumed?.about.accuracyBefore;
    this.#devices = goneOnWith(resumed?.devices ?? [], training.step, runtime.device);
    const saved = resumed && { savedStep: resumed.step, seconds: resumed.seconds, unmeasured: resumed.unmeasured };
    this.#driver = new Driver(training, job.rhythm, this.#host(), saved);
    this.#progress = new Progress('training', training.total, 'steps', training.step);
    const after = resumed && (resumed.unmeasured ? resumed.step - 1 : resumed.step);
    this.#log =
      job.log === TENSORBOARD
        ? openTensorboardLog(join(job.folder.path, TENSORBOARD), after)
        : openMetricsLog(job.log, after);
  }

  /** Trains to the end, or until Ctrl-C; returns the exit code. */
  async run(): Promise<number> {
    const { job, runtime } = this;
    const { folder, about, training, model, extras = new Map() } = job;
    const driver = this.#driver;
    note(`${job.headline}, on ${runtime.device.name}`);
    note(planLine(job.plan));
    const change = deviceChangeText(this.#devices, driver.step);
    if (change !== undefined) note(change);
    const interrupt = listenForInterrupt('finishing this step, then saving');
    while (!driver.isDone && !interrupt.isRequested) await driver.advance();
    this.#progress.end();
    if (!driver.isDone) {
      await driver.save();
      note(`Saved step ${driver.savedStep ?? 0} of ${training.total} in ${folder.checkpointPath}.`);
      note(`Go on with: ${cliCommand(about.kind, '--resume', folder.path)}`);
      return INTERRUPTED;
    }
    const readme = job.card({
      evaluation: this.#evaluation,
      accuracyBefore: this.#accuracyBefore,
      step: driver.step,
      seconds: driver.seconds,
      changes: job.resumed?.about.changes ?? [],
    });
    await folder.finish(about.kind, new Map([...streamModelFiles(runtime, model, readme), ...extras]));
    note(`Saved the model in ${folder.path}.`);
    return 0;
  }

  #host(): DriverHost {
    const { job } = this;
    const { folder, about } = job;
    const resume = `${cliCommand(about.kind, '--resume', folder.path)} --set learning_rate=…`;
    return {
      save: async (state) => {
        const { changes = [] } = job.resumed?.about ?? {};
        const accuracyBefore = this.#accuracyBefore;
        const files = await modelFiles(this.runtime, job.model);
        await folder.save(state, files, this.#devices, { ...about, changes, accuracyBefore });
        return true;
      },
      dropAfter: (step) => folder.dropAfter(step),
      evaluate: () => this.#evaluate(),
      onStep: (metrics) => this.#showStep(metrics),
      onDone: async (metrics, evaluation) => {
        this.#logStep(metrics, evaluation);
        const { step } = this.#driver;
        if (job.keepAt?.includes(step)) await folder.keep(step, streamModelFiles(this.runtime, job.model));
      },
      onHealth: (ailing) => this.#warn(ailing),
      ...(job.watch && { watch: job.watch }),
      remedy: {
        kept: `Go on from it with a lower learning_rate: ${resume}`,
        unkept: 'Start from another model, or with a lower learning_rate.',
      },
    };
  }

  async #evaluate(): Promise<Evaluation> {
    const { step } = this.#driver;
    const { job } = this;
    if (!job.evaluate) throw new Error('the rhythm asks for an evaluation of what cannot be evaluated');
    let progress: Progress | undefined;
    const evaluation = await job.evaluate((done, total) => {
      progress ??= new Progress('evaluating', total, 'problems');
      progress.update(done, true);
    });
    progress?.end();
    printLine(evaluationLine(step, evaluation));
    return evaluation;
  }

  #showStep(metrics: Metrics | undefined): void {
    const { step, training } = this.#driver;
    const progress = this.#progress;
    if (metrics) {
      progress.end();
      const line = stepLine(step, training.total, metrics, this.job.figures);
      const time = metrics.step_time === undefined ? '' : `${formatSeconds(metrics.step_time)}  `;
      printLine(`${line}  ${time}${formatSeconds(progress.secondsLeft(step))} left`);
    }
    progress.update(step, true);
  }

  #logStep(metrics: Metrics | undefined, evaluation: Evaluation | undefined): void {
    const { step } = this.#driver;
    this.#evaluation = evaluation;
    if (step === 0) this.#accuracyBefore = evaluation?.accuracy;
    if (!metrics && !evaluation) return;
    const elapsed = metrics && !('step_time' in metrics) && { elapsed_seconds: this.#driver.seconds };
    const all = { ...metrics, ...elapsed, ...(evaluation && evaluationMetrics(evaluation)) };
    this.#log(step, all);
    this.#ring({ step, metrics: all });
  }

  /** Says what begins to go wrong, and what no longer does. */
  #ring(measured: MeasuredStep): void {
    const { evalProblems } = this.job;
    if (evalProblems === undefined) return;
    this.#measured.push(measured);
    const before = this.#alarms;
    this.#alarms = soundingAlarms(this.#measured, evalProblems);
    const { step } = measured;
    for (const alarm of this.#alarms) {
      if (before.some(({ kind }) => kind === alarm.kind)) continue;
      note(`alarm at step ${step}: ${alarmText(alarm)} The last good step is ${alarm.goodStep}.`);
    }
    for (const { kind } of before) {
      if (!this.#alarms.some((alarm) => alarm.kind === kind)) note(`step ${step}: the alarm ${kind} is over.`);
    }
  }

  /** Says what is wrong with the weights while the run may still go on; where it may not, it ends with an error. */
  #warn(ailing: Ailing | undefined): void {
    if (!ailing || ailing.stepsLeft === 0 || this.#driver.isTrained) return;
    const { since, step, stepsLeft } = ailing;
    const when = since === step ? '' : ` (since step ${since})`;
    note(
      `step ${step}: ${ailmentText(ailing)}${when}; nothing is saved. ${stepsLeft} more like it, and the run stops.`,
    );
  }
}

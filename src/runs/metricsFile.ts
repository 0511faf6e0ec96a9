// A stage's metrics.jsonl: one line a step that has something to tell, each a JSON object.
import * as v from 'valibot';
import { damaged, type PipelineStore, readText, writeText } from './pipelineStore';

const pathOf = (stage: string) => `${stage}/metrics.jsonl`;
// JSON has null for a number that is not finite.
const figure = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);
const lineSchema = v.objectWithRest({ step: v.number() }, figure);

/**
 * What was written of a stage's steps, first step first; nothing if there is no file yet. Throws PipelineError where a
 * line is none.
 */
export async function readMetrics(
  store: PipelineStore,
  stage: string,
): Promise<{ readonly step: number; readonly metrics: Readonly<Record<string, number>> }[]> {
  const lines = ((await readText(store, pathOf(stage))) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line, i) => {
    try {
      const { step, ...metrics } = v.parse(lineSchema, JSON.parse(line));
      return { step, metrics };
    } catch (cause) {
      throw damaged(store, pathOf(stage), `has no step and its numbers in line ${i + 1}`, cause);
    }
  });
}

export class MetricsFile {
  readonly #lines: string[];

  private constructor(
    private readonly store: PipelineStore,
    private readonly path: string,
    lines: readonly string[],
  ) {
    this.#lines = [...lines];
  }

  /** The file of a stage, with the lines up to the step it goes on from, so that no step is in it twice. */
  static async open(store: PipelineStore, stage: string, step: number): Promise<MetricsFile> {
    const told = step === 0 ? [] : await readMetrics(store, stage);
    const kept = told.filter((line) => line.step <= step);
    return new MetricsFile(
      store,
      pathOf(stage),
      kept.map((line) => JSON.stringify({ step: line.step, ...line.metrics })),
    );
  }

  add(step: number, metrics: Readonly<Record<string, number>>): void {
    this.#lines.push(JSON.stringify({ step, ...metrics }));
  }

  write(): Promise<void> {
    return writeText(this.store, this.path, this.#lines.map((line) => `${line}\n`).join(''));
  }
}

// A stage's metrics.jsonl: one line a step that has something to tell, each a JSON object.
import { type PipelineStore, readText, writeText } from './store';

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
    const path = `${stage}/metrics.jsonl`;
    const lines = step === 0 ? [] : ((await readText(store, path)) ?? '').split('\n').filter((line) => line !== '');
    const kept = lines.filter((line) => (JSON.parse(line) as { step: number }).step <= step);
    return new MetricsFile(store, path, kept);
  }

  add(step: number, metrics: Readonly<Record<string, number>>): void {
    this.#lines.push(JSON.stringify({ step, ...metrics }));
  }

  write(): Promise<void> {
    return writeText(this.store, this.path, this.#lines.map((line) => `${line}\n`).join(''));
  }
}

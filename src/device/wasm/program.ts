// A program: dispatches as the threads' loop reads them (wasm/team.ts), in the linear memory.
import type { BufferRange, KernelTimes, Program } from '../contract';
import { type Dispatch, settledOn } from '../dispatch';
import { writeArguments } from './arguments';
import type { LinearBuffer } from './buffer';
import { ARGUMENT_BYTES, DISPATCH_BYTES, type Processor } from './processor';

/** Dispatches after which the clock is looked at. */
const STRIDE = 8;

export class CpuProgram implements Program {
  private constructor(
    private readonly processor: Processor,
    readonly label: string,
    private readonly labels: readonly string[],
    private readonly list: LinearBuffer,
  ) {}

  get numDispatches(): number {
    return this.labels.length;
  }

  static compile(processor: Processor, label: string, recorded: readonly Dispatch<BufferRange>[]): CpuProgram {
    const { operations, linear, team } = processor;
    const list = processor.createBuffer(`${label}.params`, processor.ownBytes.program(recorded.length));
    recorded.forEach((alternatives, i) => {
      const dispatch = settledOn(alternatives);
      const name = dispatch.kernel.shader;
      const fields = operations.fields.get(name);
      if (!fields) throw new Error(`${dispatch.label}: there is no operation '${name}' in wasm/`);
      const args = list.address + DISPATCH_BYTES * recorded.length + ARGUMENT_BYTES * i;
      writeArguments(new DataView(linear.memory.buffer, args, ARGUMENT_BYTES), fields, dispatch);
      const operation = team.operation(operations.names.indexOf(name));
      linear.words(list.address + DISPATCH_BYTES * i, 4).set([operation, args, team.units(name, args), 0]);
    });
    const labels = recorded.map((dispatch) => dispatch.label);
    return new CpuProgram(processor, label, labels, list);
  }

  submit(as = this.label): void {
    const { queue, profiler, team } = this.processor;
    let at = 0;
    queue.push((isOver) => {
      const startMs = performance.now();
      const isFirst = at === 0;
      while (at < this.numDispatches) {
        const end = Math.min(at + STRIDE, this.numDispatches);
        const reached = team.lead(this.list.address, at, end);
        const isStuck = reached < end;
        at = reached;
        if (isStuck || isOver()) break;
      }
      profiler.ran(as, isFirst ? this.numDispatches : 0, performance.now() - startMs);
      return at === this.numDispatches;
    });
  }

  /** Work is done in slices whatever it takes. */
  tune(): void {}

  profile(): Promise<KernelTimes> {
    const totals = new Map<string, { ms: number; count: number }>();
    return this.processor.queue.after(() => {
      this.labels.forEach((label, i) => {
        const kind = label.replace(/:.*$/, '');
        const startMs = performance.now();
        this.#run(i, i + 1);
        const { ms, count } = totals.get(kind) ?? { ms: 0, count: 0 };
        totals.set(kind, { ms: ms + performance.now() - startMs, count: count + 1 });
      });
      return totals;
    });
  }

  time(runs: number): Promise<number> {
    return this.processor.queue.after(() => {
      const startMs = performance.now();
      for (let run = 0; run < runs; run++) this.#run(0, this.numDispatches);
      return performance.now() - startMs;
    });
  }

  /** Without a pause. */
  #run(first: number, end: number): void {
    let at = first;
    while (at < end) at = this.processor.team.lead(this.list.address, at, end);
  }

  destroy(): void {
    this.processor.destroyBuffer(this.list);
  }
}

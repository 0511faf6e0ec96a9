// Test-time scaling with made-up measures.
import type { EngineApi, Result, ScalingRequest } from '../../protocol/protocol';
import { madeUpMeasure } from '../madeUp';
import type { Host } from './host';
import { ok } from './results';

export class FakeScaling implements Pick<EngineApi, 'measureScaling' | 'stopScaling'> {
  #isStopWanted = false;

  constructor(private readonly host: Host) {}

  measureScaling = async (request: ScalingRequest): Promise<Result<null>> => {
    this.#isStopWanted = false;
    void this.#measure(request);
    return ok(null);
  };

  stopScaling = async (): Promise<void> => {
    this.#isStopWanted = true;
  };

  async #measure(request: ScalingRequest): Promise<void> {
    const controls = [undefined, ...request.controls];
    const total = request.models.length * controls.length * request.numProblems;
    let done = 0;
    for (const model of request.models.keys()) {
      for (const control of controls) {
        await this.host.wait(120);
        if (this.#isStopWanted) return this.host.emit({ type: 'scalingEnded', isStopped: true });
        done += request.numProblems;
        const measure = madeUpMeasure(model, control, request.samples);
        this.host.emit({ type: 'scalingProgressed', done, total }, { type: 'scalingMeasured', model, measure });
      }
    }
    this.host.emit({ type: 'scalingEnded', isStopped: false });
  }
}

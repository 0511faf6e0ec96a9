// The device that the processor is: operations in WebAssembly over one linear memory, shared by threads.
import type { BufferRange, Device, Program, Readback } from '../contract';
import type { Dispatch } from '../dispatch';
import { Processor } from './processor';
import { CpuProgram } from './program';
import { CpuReadback } from './readback';

export class CpuDevice extends Processor implements Device {
  async compile(label: string, dispatches: readonly Dispatch<BufferRange>[]): Promise<Program> {
    return CpuProgram.compile(this, label, dispatches);
  }

  createReadback(): Readback {
    return new CpuReadback(this);
  }
}

// How the processor is opened as a device.
import type { Form } from './module';

export const MOST_THREADS = 8;

export interface CpuOptions {
  /** By default the fastest that the engine can run. */
  readonly form?: Form;
  /** By default as many as the processor runs at once, eight at most; one where memory cannot be shared. */
  readonly threads?: number;
}

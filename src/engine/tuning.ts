// Chooses the kernels of products by measurement, once a device: before the first training program is compiled, and never
// again where the measurements were kept.
import * as v from 'valibot';
import type { Device } from '../device/contract';
import { ALTERNATIVES_VERSION } from '../kernels/matmul/productAlternatives';
import { measureProducts, type ProductTable, preferFastest } from '../kernels/matmul/productTable';

/** Keeps plain data by the name of a device between sessions. What is lost or refused is only measured again. */
export interface TuningStore {
  load(device: string): Promise<unknown>;
  save(device: string, table: unknown): Promise<void>;
}

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const tableSchema = v.object({
  version: v.literal(ALTERNATIVES_VERSION),
  times: v.record(v.string(), v.record(v.string(), milliseconds)),
});

/** The table that was kept, unless it is damaged or of other kernels. */
async function loadTable(store: TuningStore | undefined, device: string): Promise<ProductTable | undefined> {
  const kept = await store?.load(device).catch(() => undefined);
  const parsed = v.safeParse(tableSchema, kept);
  return parsed.success ? parsed.output : undefined;
}

export class Tuning {
  #done: Promise<void> | undefined;

  constructor(
    private readonly device: Device,
    private readonly store: TuningStore | undefined,
    private readonly measure = measureProducts,
  ) {}

  /** Resolves when the kernels are chosen. Does its work at the first call; a failure is tried again at the next. */
  settle(): Promise<void> {
    this.#done ??= this.#choose().catch((error) => {
      this.#done = undefined;
      throw error;
    });
    return this.#done;
  }

  async #choose(): Promise<void> {
    const { name, isSoftware } = this.device;
    // There the rows are the fastest by far, and to compile kernels with barriers takes seconds.
    if (isSoftware) return;
    let table = await loadTable(this.store, name);
    if (!table) {
      table = await this.measure(this.device);
      await this.store?.save(name, table).catch(() => undefined);
    }
    preferFastest(this.device, table);
  }
}

// Why a safetensors file was refused. Faults are stable: tests depend on them.
import { SoliloquyError } from '../../lib/errors';

export type SafetensorsFault =
  | 'file_too_short'
  | 'header_too_long'
  | 'header_not_utf8'
  | 'header_not_json'
  | 'duplicate_name'
  | 'bad_name'
  | 'bad_metadata'
  | 'too_many_tensors'
  | 'bad_entry'
  | 'unknown_type'
  | 'bad_shape'
  | 'bad_offsets'
  | 'size_mismatch'
  | 'truncated'
  | 'overlap'
  | 'hole'
  | 'trailing_bytes'
  | 'unreadable_type';

const DAMAGED = 'The file is damaged or not a safetensors file: fetch or export it again.';
const WRONG_TYPE = 'Convert the weights to float32, float16 or bfloat16 and save them again.';

/** A safetensors file that breaks the format's rules or the reader's limits, or holds what the engine does not read. */
export class SafetensorsError extends SoliloquyError {
  readonly code = 'bad_safetensors';
  readonly fault: SafetensorsFault;
  /** The tensor at fault, when it is one tensor's. */
  readonly tensor: string | undefined;

  constructor(fault: SafetensorsFault, file: string, problem: string, tensor?: string) {
    super(`${file}: ${problem}.`, fault === 'unreadable_type' ? WRONG_TYPE : DAMAGED);
    this.fault = fault;
    this.tensor = tensor;
  }
}

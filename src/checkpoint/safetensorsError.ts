// Why a safetensors file was refused. Codes are stable: tests and messages of the page depend on them.
import { SoliloquyError } from '../lib/errors';

export type SafetensorsErrorCode =
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

/** A safetensors file that breaks the format's rules or the reader's limits. */
export class SafetensorsError extends SoliloquyError {
  readonly code: SafetensorsErrorCode;
  /** The tensor at fault, when it is one tensor's. */
  readonly tensor: string | undefined;

  constructor(code: SafetensorsErrorCode, file: string, problem: string, tensor?: string) {
    super(`${file}: ${problem}.`, 'The file is damaged or not a safetensors file: fetch or export it again.');
    this.code = code;
    this.tensor = tensor;
  }
}

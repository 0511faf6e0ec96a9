// Why a model folder was refused: which file, which tensor.
import { SoliloquyError } from '../../lib/errors';

export type FolderFault =
  | 'missing_file'
  | 'unreadable_file'
  | 'unwritable_file'
  | 'bad_json'
  | 'bad_index'
  | 'missing_tensor'
  | 'unexpected_tensor'
  | 'wrong_shape'
  | 'not_finite'
  | 'bad_archive'
  | 'too_large';

/** A folder whose files do not make a model. Errors inside config.json and safetensors files have their own classes. */
export class ModelFolderError extends SoliloquyError {
  readonly code = 'bad_model_folder';
  readonly fault: FolderFault;
  /** The file or the tensor at fault. */
  readonly subject: string;

  constructor(fault: FolderFault, subject: string, problem: string, remedy: string, options?: ErrorOptions) {
    super(problem, remedy, options);
    this.fault = fault;
    this.subject = subject;
  }
}

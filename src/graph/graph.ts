// Symbolic tensors and a recording of the dispatches that compute them, with reverse-mode differentiation: each operation
// leaves a closure that turns the gradient of its output into dispatches for the gradients of its inputs.
import type { BufferRange } from '../device/contract';
import { type Dispatch, inHalfPrecision } from '../device/dispatch';
import { add, fillZero } from '../kernels/elementwise/pointwise';

/**
 * What a tensor's numbers are on the device. Only weights are anything but f32. `e4m3`: numbers of eight bits times the scale of
 * their block, as f32; their products take the other operand so, too.
 */
export type DeviceDtype = 'f32' | 'f16' | 'e4m3';

const DTYPE_BYTES: Readonly<Record<DeviceDtype, number>> = { f32: 4, f16: 2, e4m3: 4 };

/** Numbers in row-major order, not yet anywhere unless `range` says where. */
export interface Tensor {
  readonly label: string;
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  /** Memory that outlives the program; undefined for a tensor that the planner places. */
  readonly range: BufferRange | undefined;
  /** For a parameter: where its gradient is added up. */
  readonly gradient: Tensor | undefined;
  readonly dtype: DeviceDtype;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export class Graph {
  readonly dispatches: Dispatch<Tensor>[] = [];
  readonly #recomputesBlocks: boolean;
  /** A block is being recorded for the second time. */
  #isAgain = false;
  readonly #tape: (() => void)[] = [];
  readonly #gradients = new Map<Tensor, Tensor>();

  /**
   * @param s.recomputesBlocks whether the backward pass computes the inside of each `block` again, so that it need not
   * be kept.
   */
  constructor(s: { readonly recomputesBlocks?: boolean } = {}) {
    this.#recomputesBlocks = s.recomputesBlocks ?? false;
  }

  /** A tensor for the planner to place. */
  tensor(label: string, shape: readonly number[]): Tensor {
    return { label, shape, size: sizeOf(shape), range: undefined, gradient: undefined, dtype: 'f32' };
  }

  /** A tensor in memory of its own. */
  bind(
    label: string,
    shape: readonly number[],
    range: BufferRange,
    gradientRange?: BufferRange,
    dtype: DeviceDtype = 'f32',
  ): Tensor {
    const gradient = gradientRange && this.bind(`${label}.gradient`, shape, gradientRange);
    return { label, shape, size: sizeOf(shape), range, gradient, dtype };
  }

  /** Rows `first` … `first + count` of a matrix in memory of its own; where they start must be a place that a binding may. */
  rows(matrix: Tensor, first: number, count: number): Tensor {
    const width = matrix.size / (matrix.shape[0] as number);
    const part = (range: BufferRange, dtype: DeviceDtype): BufferRange => ({
      buffer: range.buffer,
      offset: range.offset + first * width * DTYPE_BYTES[dtype],
      size: Math.ceil((count * width) / 4) * 4 * DTYPE_BYTES[dtype],
    });
    if (!matrix.range) throw new Error(`'${matrix.label}' has no memory of its own`);
    return this.bind(
      matrix.label,
      [count, width],
      part(matrix.range, matrix.dtype),
      matrix.gradient?.range && part(matrix.gradient.range, 'f32'),
      matrix.dtype,
    );
  }

  /** A dispatch that reads weights in half precision takes its kernel's version for them (the condition `half`). */
  emit(...dispatches: readonly Dispatch<Tensor>[]): void {
    const readsHalves = ({ bindings }: Dispatch<Tensor>) =>
      Object.values(bindings).some((tensor) => tensor?.dtype === 'f16');
    for (const dispatch of dispatches)
      this.dispatches.push(readsHalves(dispatch) ? inHalfPrecision(dispatch) : dispatch);
  }

  /** As `emit`, for what changes memory that outlives the program: a block that is computed again does not do it again. */
  emitOnce(...dispatches: readonly Dispatch<Tensor>[]): void {
    if (!this.#isAgain) this.emit(...dispatches);
  }

  /**
   * Records a part of a model, such as a layer. Where blocks are recomputed, what it makes on the way to its result is forgotten
   * after the forward pass, and recorded again, from what it reads from outside, before its backward pass (gradient
   * checkpointing, Chen et al., arXiv 1604.06174). The same dispatches on the same numbers: gradients are equal to the bit.
   */
  block(record: () => Tensor): Tensor {
    if (!this.#recomputesBlocks) return record();
    const outer = this.#tape.length;
    const output = record();
    this.#tape.splice(outer);
    this.onBackward([output], (gradient) => {
      const wasAgain = this.#isAgain;
      this.#isAgain = true;
      this.addGradient(record(), gradient);
      this.#isAgain = wasAgain;
      this.#unwind();
    });
    return output;
  }

  /** Records what no gradient goes through: what it gives is to the backward pass as if it had been given. */
  detached<T>(record: () => T): T {
    const outer = this.#tape.length;
    const given = record();
    this.#tape.splice(outer);
    return given;
  }

  /**
   * Leaves the gradient of an operation: called during `backward` with the gradients of its outputs, if any of them has one.
   * An output that nothing used gets a gradient of zeros.
   */
  onBackward(outputs: readonly Tensor[], toInputs: (...gradients: Tensor[]) => void): void {
    this.#tape.push(() => {
      if (!outputs.some((output) => this.#gradients.has(output))) return;
      toInputs(...outputs.map((output) => this.#gradients.get(output) ?? this.#zeros(output)));
    });
  }

  /** Adds to the gradient of a tensor that an operation made. */
  addGradient(tensor: Tensor, gradient: Tensor): void {
    const before = this.#gradients.get(tensor);
    if (!before) {
      this.#gradients.set(tensor, gradient);
      return;
    }
    const sum = this.tensor(`d ${tensor.label}`, tensor.shape);
    this.emit(add('Graph.addGradients', tensor.size, { a: before, b: gradient, y: sum }));
    this.#gradients.set(tensor, sum);
  }

  /**
   * As `addGradient`, for an operation that adds to what is there by itself: `emit` gets where the new gradient goes and the
   * gradient so far, if there is one.
   */
  growGradient(tensor: Tensor, emit: (gradient: Tensor, before: Tensor | undefined) => void): void {
    const gradient = this.tensor(`d ${tensor.label}`, tensor.shape);
    emit(gradient, this.#gradients.get(tensor));
    this.#gradients.set(tensor, gradient);
  }

  /** Records the backward pass from the gradient of one output. */
  backward(output: Tensor, gradient: Tensor): void {
    this.addGradient(output, gradient);
    this.#unwind();
    this.#gradients.clear();
  }

  #unwind(): void {
    for (const step of this.#tape.splice(0).reverse()) step();
  }

  #zeros(like: Tensor): Tensor {
    const zeros = this.tensor(`zeros like ${like.label}`, like.shape);
    this.emit(fillZero('Graph.zeros', like.size, { y: zeros }));
    return zeros;
  }
}

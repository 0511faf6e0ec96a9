// Parameters side by side in one array, as a model's weights lie on the device.

const ALIGNMENT = 64;

export class ParameterPool {
  /** All of them; what lies between two is NaN, so that reading beyond one shows. */
  readonly values: number[] = [];

  /** Adds a parameter where a binding may start. Returns where that is, in floats. */
  add(parameter: ArrayLike<number>): number {
    const at = this.values.length;
    const size = Math.ceil(parameter.length / ALIGNMENT) * ALIGNMENT;
    for (let i = 0; i < size; i++) this.values.push(parameter[i] ?? Number.NaN);
    return at;
  }
}

// How kernels written in Vectors (shaders/lib/vectors.wgsl) are told whether to count in fours.

/** Whether widths can be counted in fours, and how many numbers a Vector then has. */
export function vectorsOf(...widths: readonly number[]): { perVector: 1 | 4; conditions: { vec4: boolean } } {
  const vec4 = widths.every((width) => width % 4 === 0);
  return { perVector: vec4 ? 4 : 1, conditions: { vec4 } };
}

/** Widths in Vectors, as compile-time constants or parameters. */
export function inVectors<Name extends string>(widths: Readonly<Record<Name, number>>) {
  const { perVector, conditions } = vectorsOf(...Object.values<number>(widths));
  const counted = Object.entries<number>(widths).map(([name, width]) => [name, width / perVector]);
  return { perVector, constants: Object.fromEntries(counted) as Record<Name, number>, conditions };
}

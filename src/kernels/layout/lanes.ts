// How kernels written in Lanes (shaders/lib/lanes.wgsl) are told whether to count in fours.

/** Whether widths can be counted in fours, and how many numbers a Lane then has. */
export function lanesOf(...widths: readonly number[]): { lanes: 1 | 4; conditions: { vec4: boolean } } {
  const vec4 = widths.every((width) => width % 4 === 0);
  return { lanes: vec4 ? 4 : 1, conditions: { vec4 } };
}

/** Widths in Lanes, as compile-time constants or parameters. */
export function inLanes<Name extends string>(widths: Readonly<Record<Name, number>>) {
  const { lanes, conditions } = lanesOf(...Object.values<number>(widths));
  const counted = Object.entries<number>(widths).map(([name, width]) => [name, width / lanes]);
  return { lanes, constants: Object.fromEntries(counted) as Record<Name, number>, conditions };
}

// How workgroups lie along the columns of a product.

/** How a workgroup lies along the columns of a product. */
interface Lie {
  /** Invocations of a workgroup. */
  readonly WIDTH: number;
  /** Times four columns of an invocation. */
  readonly TILES: number;
  readonly workgroups: number;
}

/** The lie that leaves the fewest invocations without a column; of those, the one with the most columns an invocation. */
export function lieAlong(columns: number, mostTiles: 1 | 2): Lie {
  const lies = (mostTiles === 2 ? [2, 1] : [1]).flatMap((TILES) =>
    [32, 16, 8].map((WIDTH): Lie => ({ WIDTH, TILES, workgroups: Math.ceil(columns / (4 * WIDTH * TILES)) })),
  );
  const covered = (lie: Lie) => lie.workgroups * lie.WIDTH * lie.TILES;
  return lies.reduce((best, lie) => (covered(lie) < covered(best) ? lie : best));
}

/** The same for any number of columns, so that few kernels are compiled. */
export function narrowLie(columns: number): Lie {
  return { WIDTH: 8, TILES: 1, workgroups: Math.ceil(columns / 32) };
}

// How workgroups are laid out along the columns of a product.

interface ColumnLayout {
  /** Invocations of a workgroup. */
  readonly WIDTH: number;
  /** Times four columns of an invocation. */
  readonly TILES: number;
  readonly workgroups: number;
}

/** The layout that leaves the fewest invocations without a column; of those, the one with the most columns an invocation. */
export function columnLayout(columns: number, mostTiles: 1 | 2): ColumnLayout {
  const layouts = (mostTiles === 2 ? [2, 1] : [1]).flatMap((TILES) =>
    [32, 16, 8].map((WIDTH): ColumnLayout => ({ WIDTH, TILES, workgroups: Math.ceil(columns / (4 * WIDTH * TILES)) })),
  );
  const covered = (layout: ColumnLayout) => layout.workgroups * layout.WIDTH * layout.TILES;
  return layouts.reduce((best, layout) => (covered(layout) < covered(best) ? layout : best));
}

/** The same for any number of columns, so that few kernels are compiled. */
export function narrowColumnLayout(columns: number): ColumnLayout {
  return { WIDTH: 8, TILES: 1, workgroups: Math.ceil(columns / 32) };
}

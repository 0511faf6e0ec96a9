// A table of shares as a file: an SVG that stands by itself, each cell tinted by its share. Pure.
import { FIGURE_TOP, FIGURE_WIDTH, type FigureColors, framed, round, svgText, widthOf, xml } from './figureFrame';

export interface GridCell {
  readonly text: string;
  /** From 0 to 1; undefined: there is none. */
  readonly share: number | undefined;
  readonly isOutlined: boolean;
}

export interface GridFigure {
  readonly title: string;
  readonly caption: string;
  readonly rowsLabel: string;
  readonly columnsLabel: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly GridCell[] }[];
}

/** Of a cell with the share 1; text stays readable on it. */
export const MAX_TINT = 0.45;

const ROW = 34;
const MOST_COLUMN = 110;

export function gridSvg(figure: GridFigure, colors: FigureColors): string {
  const { rowsLabel, columnsLabel, columns, rows } = figure;
  const left = 36 + Math.max(widthOf(rowsLabel), ...rows.map(({ name }) => widthOf(name)));
  const width = Math.min(MOST_COLUMN, (FIGURE_WIDTH - 20 - left) / columns.length);
  const top = FIGURE_TOP + 52;
  const x = (column: number) => left + column * width;
  const y = (row: number) => top + row * ROW;
  const soft = `fill="${xml(colors('soft'))}"`;
  const isOutlined = (row: number, column: number) => rows[row]?.cells[column]?.isOutlined ?? false;
  const body = [
    svgText(x(columns.length / 2), top - 32, columnsLabel, `text-anchor="middle" ${soft}`),
    svgText(20, top - 10, rowsLabel, soft),
    ...columns.map((name, column) => svgText(x(column + 0.5), top - 10, name, `text-anchor="middle" ${soft}`)),
    ...rows.flatMap(({ name, cells }, row) => [
      svgText(20, y(row) + 22, name, soft),
      ...cells.flatMap(({ text, share }, column) => [
        `<rect x="${round(x(column) + 2)}" y="${y(row) + 2}" width="${round(width - 4)}" height="${ROW - 4}" rx="3" ` +
          (share === undefined
            ? `fill="none" stroke="${xml(colors('line'))}" stroke-dasharray="3 3"/>`
            : `fill="${xml(colors('good'))}" fill-opacity="${round(share * MAX_TINT)}"/>`),
        svgText(x(column + 0.5), y(row) + 22, text, 'text-anchor="middle"'),
      ]),
    ]),
    // The border of what is outlined: a line wherever one neighbour is and the other is not.
    ...rows.flatMap((_, row) =>
      columns.flatMap((__, column) => {
        if (!isOutlined(row, column)) return [];
        const sides = [
          !isOutlined(row - 1, column) && `M${round(x(column))} ${y(row)}h${round(width)}`,
          !isOutlined(row + 1, column) && `M${round(x(column))} ${y(row + 1)}h${round(width)}`,
          !isOutlined(row, column - 1) && `M${round(x(column))} ${y(row)}v${ROW}`,
          !isOutlined(row, column + 1) && `M${round(x(column + 1))} ${y(row)}v${ROW}`,
        ].filter((side) => side !== false);
        const path = sides.join('');
        return path === '' ? [] : [`<path d="${path}" fill="none" stroke="${xml(colors('ink'))}" stroke-width="1.5"/>`];
      }),
    ),
  ];
  return framed(figure, y(rows.length) + 20, body, colors);
}

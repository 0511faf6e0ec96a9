// One task's part of the map: a table of sizes, each cell the share that is right, tinted by it; outlined what was trained on.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { cellOf, type KnowledgeMap } from '../../tasks/knowledgeMap';
import { type CellPlace, cellKey, type Size, type SizeGrid } from '../../tasks/sizes';
import { FigureMenu } from '../charts/FigureMenu';
import { type GridFigure, MAX_TINT } from '../charts/gridFigure';
import { useShareText } from '../components/MeasuredShare';
import { SCROLLABLE } from '../components/scrollable';
import { useFormat } from '../format';
import { useGridTexts } from './useGridTexts';

export interface GridTableProps {
  readonly grid: SizeGrid;
  readonly map: KnowledgeMap;
  readonly isTrained: (place: CellPlace) => boolean;
  readonly chosen: CellPlace | undefined;
  readonly onChoose: (place: CellPlace) => void;
}

export function GridTable({ grid, map, isTrained, chosen, onChoose }: GridTableProps) {
  const id = useId();
  const texts = useGridTexts();
  const figure = useGridFigure(grid, map, isTrained);
  const { task, rows, columns } = grid;
  const trainedAt = (row: Size | undefined, column: Size | undefined) =>
    row !== undefined && column !== undefined && isTrained({ task, row, column });
  return (
    <section aria-labelledby={id} className="min-w-0">
      <div className="flex items-center gap-1">
        <h3 id={id} className="font-voice text-lg">
          {texts.task(task)}
        </h3>
        <FigureMenu figure={figure} />
      </div>
      <section {...SCROLLABLE} aria-labelledby={id} className="relative scroll-x">
        <table data-testid={`map-${task}`} className="border-separate border-spacing-0 text-fine">
          <thead className="text-soft">
            <tr>
              <td />
              <th scope="colgroup" colSpan={columns.sizes.length} className="px-1 pb-0.5 font-normal">
                {texts.axis(columns)}
              </th>
            </tr>
            <tr>
              <th scope="col" className="pr-3 pb-1 text-left font-normal whitespace-nowrap">
                {texts.axis(rows)}
              </th>
              {columns.sizes.map((column) => (
                <th key={column} scope="col" className="px-1 pb-1 font-normal">
                  {texts.size(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.sizes.map((row, y) => (
              <tr key={row}>
                <th scope="row" className="pr-3 text-left font-normal whitespace-nowrap text-soft">
                  {texts.size(row)}
                </th>
                {columns.sizes.map((column, x) => {
                  const place = { task, row, column };
                  const is = trainedAt(row, column);
                  // A side is drawn where the outlined part ends.
                  const sides = [
                    is && !trainedAt(rows.sizes[y - 1], column) ? 'border-t-ink' : 'border-t-transparent',
                    is && !trainedAt(rows.sizes[y + 1], column) ? 'border-b-ink' : 'border-b-transparent',
                    is && !trainedAt(row, columns.sizes[x - 1]) ? 'border-l-ink' : 'border-l-transparent',
                    is && !trainedAt(row, columns.sizes[x + 1]) ? 'border-r-ink' : 'border-r-transparent',
                  ];
                  return (
                    <td key={column} className={`border-[1.5px] p-px ${sides.join(' ')}`}>
                      <Cell
                        grid={grid}
                        place={place}
                        map={map}
                        isChosen={chosen !== undefined && cellKey(chosen) === cellKey(place)}
                        onChoose={() => onChoose(place)}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface CellProps extends Pick<GridTableProps, 'grid' | 'map'> {
  readonly place: CellPlace;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Cell({ grid, place, map, isChosen, onChoose }: CellProps) {
  const format = useFormat();
  const label = useCellText(grid, map)(place);
  const cell = cellOf(map, place);
  const share = cell && cell.problems > 0 ? cell.right / cell.problems : undefined;
  const tint = (share ?? 0) * MAX_TINT * 100;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isChosen}
      title={label}
      onClick={onChoose}
      className={`h-8 w-14 rounded-sm text-center aria-pressed:ring-2 aria-pressed:ring-accent ${share === undefined ? 'border border-dashed border-edge text-soft' : ''}`}
      style={{ background: `color-mix(in oklab, var(--color-good) ${tint}%, var(--color-paper))` }}
    >
      {share === undefined ? (cell ? '–' : '·') : format.percent(share)}
    </button>
  );
}

/** What is told of a cell, in a sentence. */
export function useCellText(grid: SizeGrid, map: KnowledgeMap): (place: CellPlace) => string {
  const { t } = useTranslation();
  const texts = useGridTexts();
  const write = useShareText();
  return (place) => {
    const measured = cellOf(map, place);
    const cell = texts.cell(grid, place);
    if (measured === undefined) return t('knows.cellOpen', { cell });
    if (measured.problems === 0) return t('knows.cellNone', { cell });
    return t('knows.cellValue', { cell, share: write(measured.right / measured.problems, measured.problems) });
  };
}

/** The table as a file. */
function useGridFigure(grid: SizeGrid, map: KnowledgeMap, isTrained: GridTableProps['isTrained']): () => GridFigure {
  const { t } = useTranslation();
  const format = useFormat();
  const texts = useGridTexts();
  const { task, rows, columns } = grid;
  return () => ({
    title: t('knows.figure', { task: texts.task(task), model: map.name }),
    caption: t('knows.figureCaption', {
      most: mostProblems(map),
      device: map.device,
      date: format.date(map.measuredAt),
    }),
    rowsLabel: texts.axis(rows),
    columnsLabel: texts.axis(columns),
    columns: columns.sizes.map(texts.size),
    rows: rows.sizes.map((row) => ({
      name: texts.size(row),
      cells: columns.sizes.map((column) => {
        const place = { task, row, column };
        const cell = cellOf(map, place);
        const share = cell && cell.problems > 0 ? cell.right / cell.problems : undefined;
        return { text: share === undefined ? '–' : format.percent(share), share, isOutlined: isTrained(place) };
      }),
    })),
  });
}

/** Of the cell that has most. */
export const mostProblems = ({ cells }: KnowledgeMap): number =>
  cells.reduce((most, { problems }) => Math.max(most, problems), 0);

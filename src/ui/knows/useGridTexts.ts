// What the rows, the columns and the cells of a grid are called.
import { useTranslation } from 'react-i18next';
import type { CellPlace, Size, SizeAxis, SizeGrid } from '../../tasks/sizes';
import type { en } from '../i18n/en';
import { useTaskNames } from '../taskNames';

type Words = (typeof en)['knows'];

export function useGridTexts() {
  const { t } = useTranslation();
  const tasks = useTaskNames();
  const axis = ({ name }: SizeAxis) => t(`knows.axis.${name as keyof Words['axis']}`);
  const size = (value: Size) =>
    typeof value === 'number' ? `${value}` : t(`knows.size.${value as keyof Words['size']}`);
  return {
    task: tasks.task,
    axis,
    size,
    /** `Chained sums, Terms 5, Digits of the largest number 2`. */
    cell: ({ task, rows, columns }: SizeGrid, { row, column }: CellPlace) =>
      t('knows.cell', {
        task: tasks.task(task),
        rows: axis(rows),
        row: size(row),
        columns: axis(columns),
        column: size(column),
      }),
  };
}

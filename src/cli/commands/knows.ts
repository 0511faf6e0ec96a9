// `knows MODEL`: how many held-out problems of each size and task it answers right, as tables or as the file that the page shows.
import { loadLanguageModel } from '../../engine/languageModel';
import { weightsId } from '../../lib/tensors/weightsId';
import { cellOf, type KnowledgeMap, withCell } from '../../tasks/knowledgeMap';
import type { SizeGrid } from '../../tasks/sizes';
import { measureKnowledge, openPlaces, readableGrids } from '../../trainer/evaluation/knowledge';
import type { Command } from '../command';
import { Progress, printLine } from '../console';
import { readModel } from '../models';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';

const BATCH = 128;

/** The grid as a table of Markdown: of each cell how many are right, of how many. */
function printGrid(map: KnowledgeMap, { task, rows, columns }: SizeGrid): void {
  printLine(`\n| ${task}: ${rows.name} \\ ${columns.name} | ${columns.sizes.join(' | ')} |`);
  printLine(`|${'---|'.repeat(columns.sizes.length + 1)}`);
  for (const row of rows.sizes) {
    const cells = columns.sizes.map((column) => {
      const cell = cellOf(map, { task, row, column });
      return cell ? `${cell.right}/${cell.problems}` : '';
    });
    printLine(`| ${row} | ${cells.join(' | ')} |`);
  }
}

export const knowsCommand: Command = {
  name: 'knows',
  summary: 'Map what a model knows: accuracy by task and by the size of its problems.',
  positionals: [{ name: 'MODEL', help: 'the model to measure' }],
  options: {
    ...DEVICE_OPTION,
    problems: { value: 'N', help: 'held-out problems of each size, fewer where there are hardly more (default 64)' },
    json: { help: 'print one JSON object, as public/models/MODEL.knows.json has it, instead of tables' },
  },
  notes:
    'Every task whose problems the model can read is measured, and sizes beyond what it was trained on, too. Each problem is\n' +
    'answered once, as generation_config.json has it. The problems of a size are the same ones for every model.',
  examples: ['knows r1', 'knows wide-r1 --problems 256 --json > public/models/wide-r1.knows.json'],
  async run(args) {
    const { name, folder } = await readModel(args.positional(0) as string);
    const numProblems = args.integer('problems', 64, { min: 1, max: 100_000 });
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, name, folder, false);
    const grids = readableGrids(model.tokenizer, folder.readme ?? '');
    const places = openPlaces(grids, []);
    let map: KnowledgeMap = {
      model: await weightsId(folder.tensors),
      name,
      device: runtime.device.name,
      measuredAt: new Date().toISOString(),
      tasks: grids.map(({ task }) => task),
      cells: [],
    };
    const progress = new Progress('measuring', places.length, 'sizes');
    for await (const cell of measureKnowledge(runtime, model, { places, numProblems, batch: BATCH })) {
      map = withCell(map, cell, new Date().toISOString());
      progress.update(map.cells.length);
    }
    progress.end();
    if (args.flag('json')) printLine(JSON.stringify(map));
    else for (const grid of grids) printGrid(map, grid);
    return 0;
  },
};

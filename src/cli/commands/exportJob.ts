// `export-job RUN`: a run as a folder that goes on under TRL, on a Ray cluster, or under veRL.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { makeJob } from '../../export/job';
import { MAX_PROBLEMS, TARGETS, type Target, USUAL_PROBLEMS } from '../../export/jobRun';
import { makePipelineJob } from '../../export/pipelineJob';
import { writeDirectory } from '../../formats/huggingface/nodeDirectory';
import type { StreamedFiles } from '../../formats/huggingface/writeFolder';
import { type Command, readGiven } from '../command';
import { note } from '../console';
import { sizeOf } from '../diskFull';
import { checkOutputFolder, isFolder } from '../files';
import { holdFolder } from '../folderLock';
import { readJobSource } from '../jobSource';
import { readTaskFile, TASK_FILE_OPTION } from '../settings';

/** Writes files into the folder and folders below it. */
async function writeTree(folder: string, files: StreamedFiles): Promise<void> {
  const folders = new Map<string, Map<string, StreamedFiles extends ReadonlyMap<string, infer F> ? F : never>>();
  for (const [path, file] of files) {
    const below = folders.get(dirname(path)) ?? new Map();
    folders.set(dirname(path), below.set(basename(path), file));
  }
  for (const [path, own] of folders) await writeDirectory(join(folder, path), own);
}

export const exportJobCommand: Command = {
  name: 'export-job',
  summary: 'Write a run or a pipeline as a job that goes on elsewhere: under TRL, on a Ray cluster, or under veRL.',
  positionals: [{ name: 'RUN', help: 'the --out folder of `grpo`, finished or stopped, or of `pipeline`' }],
  options: {
    to: { value: 'T', help: 'what trains it: trl, ray (TRL spread by Ray Train) or verl', oneOf: TARGETS },
    out: { value: 'DIR', help: 'a folder for the job: new, or empty' },
    problems: {
      value: 'N',
      help: `distinct training problems (default ${USUAL_PROBLEMS}, or all that the task has)`,
    },
    model: {
      value: 'OWNER/NAME',
      help: 'a model of Hugging Face’s hub to start from in the place of the run’s own, such as Qwen/Qwen3-0.6B',
    },
    ...TASK_FILE_OPTION,
  },
  notes:
    'DIR gets the model, the problems as JSON lines and Parquet, the rewards in Python, the settings under the trainer’s own\n' +
    'names, and README.md, which says how to start it and what differs. Nothing is computed here.',
  examples: [
    'export-job runs/zero --to trl --out jobs/zero',
    'export-job runs/r1 --to ray --out jobs/r1',
    'export-job runs/zero --to verl --model Qwen/Qwen3-0.6B --problems 10000 --out jobs/zero-qwen',
  ],
  async run(args) {
    const out = args.required('out');
    const target = args.required('to') as Target;
    const problems = args.integer('problems', undefined, { min: 1, max: MAX_PROBLEMS });
    const model = args.text('model');
    if (existsSync(out) && (!isFolder(out) || readdirSync(out).length > 0))
      throw args.usage(`${out} is there already.`, 'Choose another place for the job.');
    checkOutputFolder(out);
    holdFolder(out);
    const path = args.text('task-file');
    if (path !== undefined) readTaskFile(path);
    const request = { target, ...(problems !== undefined && { problems }), ...(model !== undefined && { model }) };
    const source = await readJobSource(args, resolve(args.positional(0) as string));
    const files = readGiven(() => ('pipeline' in source ? makePipelineJob(source, request) : makeJob(source, request)));
    await writeTree(out, files);
    note(
      `Wrote ${files.size} files, ${(sizeOf(files.values()) / 1e6).toFixed(2)} MB, to ${out}. README.md says how to go on.`,
    );
    return 0;
  },
};

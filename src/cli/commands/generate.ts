// `generate MODEL "QUESTION"`: the model thinks and answers, token by token.

import { Generator } from '../../engine/generator';
import { folderTokenizer, loadLanguageModel, samplingOf } from '../../engine/languageModel';
import { acceptance, type DraftOutcome } from '../../engine/rollout';
import { DEFAULT_GENERATION } from '../../formats/huggingface/generationConfig';
import { parseCompletion, TAGS, THINK_OPEN } from '../../tasks/completion';
import { findProblem, getTask } from '../../tasks/registry';
import { countThinkingTokens, rolloutKey } from '../../trainer/evaluation/evaluate';
import { checkAnswers } from '../../trainer/health';
import type { Arguments, Command } from '../command';
import { note } from '../console';
import { readModel } from '../models';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readSampling, SAMPLING_NOTE, SAMPLING_OPTIONS } from '../sampling';

/** A question of so many tokens is read sooner token by token than the kernels for all at once are compiled. */
const SHORT_PROMPT = 128;

/** The tags of the text form as a person reads them. */
const HEADINGS: Readonly<Record<string, string>> = {
  '<think>': 'thinking  ',
  '</think>': '\n',
  '<answer>': 'answer    ',
  '</answer>': '\n',
};

export const generateCommand: Command = {
  name: 'generate',
  summary: 'Ask a model a question and watch it think.',
  positionals: [
    { name: 'MODEL', help: 'the model to ask' },
    { name: 'QUESTION', help: 'the question, in quotes' },
  ],
  options: {
    ...DEVICE_OPTION,
    seed: { value: 'S', help: 'seed of the sampling (default 0)' },
    ...SAMPLING_OPTIONS,
    draft: {
      value: 'mtp',
      help: 'let the model’s module for further tokens draft one token ahead; the tokens are the same',
    },
    raw: { help: 'print the text as the model writes it, tags and all' },
  },
  notes: SAMPLING_NOTE,
  examples: ['generate base "9-8+3-7=?"', 'generate base "7-4+4-5=?" --seed 3 --temperature 0.7 --raw'],
  async run(args) {
    const seed = args.integer('seed', 0);
    const typed = (args.positional(1) as string).trim();
    if (typed === '') throw args.usage('The question is empty.', 'Write one, for example "9-8+3-7=?".');
    const { name, folder } = await readModel(args.positional(0) as string);
    const options = readSampling(args, folder.generation ?? DEFAULT_GENERATION);
    // What a person types is asked in the form the model was trained on, where it is of a known task.
    const problem = findProblem(typed);
    const prompt = folderTokenizer(name, folder).encodePrompt(problem?.question ?? typed);
    const { maxPositions: limit, vocabulary } = folder.description.architecture;
    const room = limit - prompt.length;
    if (room < 1) {
      throw args.usage(
        `The question has ${prompt.length} tokens; question and answer may have ${limit} together.`,
        'Ask something shorter.',
      );
    }
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, name, folder, false);
    const { tokenizer } = model;
    const maxNewTokens = Math.min(options.maxNewTokens, room);
    const promptTokens = prompt.length;
    const drafts = readDraft(args);
    const capacity = { rollouts: 1, maxNewTokens, promptTokens, hasAlternatives: false, drafts };
    const readsByStep = promptTokens <= SHORT_PROMPT;
    const generator = new Generator(runtime, model.weights, { ...capacity, readsByStep });
    const isOpened = tokenizer.opensThinking(prompt);
    if (isOpened && !args.flag('raw')) process.stdout.write(HEADINGS[THINK_OPEN] as string);
    let shown = 0;
    const write = (tokens: readonly number[]) => {
      for (const token of tokens.slice(shown)) {
        const text = tokenizer.endTokens.includes(token) ? '' : tokenizer.tokenText(token);
        process.stdout.write(args.flag('raw') || !isTag(text) ? text : (HEADINGS[text] as string));
      }
      shown = tokens.length;
    };
    const [rollout] = await generator.generate({
      prompts: [prompt],
      members: 1,
      sampling: samplingOf(model, { ...options, maxNewTokens }),
      key: () => rolloutKey(seed, 'ask', 0, 0),
      onTokens: ([partial]) => {
        write(partial?.tokens ?? []);
        return true;
      },
    });
    const tokens = rollout?.tokens ?? [];
    write(tokens);
    if (rollout) checkAnswers(name, vocabulary, [rollout]);
    const { answer, wellFormed } = parseCompletion(tokenizer.decode(tokens), isOpened);
    if (args.flag('raw') || !wellFormed) process.stdout.write('\n');
    const verdict = problem && (await getTask(problem.task).verify(problem, answer, runtime.sandbox));
    const judged = !verdict
      ? 'of no known task'
      : verdict.correct
        ? 'right'
        : `wrong: the answer is ${verdict.expected}`;
    const { prefillMs, decodeMs } = generator.timing;
    const cut = rollout?.stop === 'end' ? '' : ', cut by --max-tokens';
    note(
      `${judged} · ${tokens.length} tokens${cut}${draftNote(rollout?.drafts)}, ` +
        `${countThinkingTokens(model, tokens, isOpened)} of thinking · ` +
        `prompt ${prefillMs.toFixed(0)} ms, ${((tokens.length * 1000) / decodeMs).toFixed(0)} tokens/s`,
    );
    return 0;
  },
};

function readDraft(args: Arguments): boolean {
  const draft = args.text('draft');
  if (draft === undefined || draft === 'mtp') return draft !== undefined;
  throw args.usage(`--draft ${draft} is no way to draft.`, 'Give --draft mtp, or leave it out.');
}

function draftNote(drafts: readonly DraftOutcome[] | undefined): string {
  if (!drafts) return '';
  const { accepted, offered, share } = acceptance(drafts);
  return offered === 0
    ? ', none drafted'
    : `, ${accepted} of ${offered} drafts accepted (${(100 * share).toFixed(0)} %)`;
}

function isTag(text: string): boolean {
  return TAGS.some((tag) => tag === text);
}

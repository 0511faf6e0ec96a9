// The model card: README.md of a model's folder, in the form of the Hugging Face hub. Made from the record of what made the
// model, never copied from the model that it was made from.
import { formatSeconds } from '../../lib/formatSeconds';
import { wilsonInterval } from '../../lib/wilson';
import { type Architecture, type Attention, expertLayers, type Layer } from '../../model/architecture';
import type { ModelDescription } from '../../model/description';
import { countParameters } from '../../model/parameterShapes';
import type { GenerationSettings } from './generationConfig';
import { isHubName } from './hubName';

/** What was measured on held-out problems. Shares are of 1. */
export interface CardEvaluation {
  readonly problems: number;
  readonly accuracy: number;
  readonly format?: number | undefined;
  readonly meanThinkingTokens?: number | undefined;
  /** Of the words of thinking, by language; undefined where none were counted. */
  readonly language?: { readonly en: number; readonly zh: number } | undefined;
  /** Of a mixture, by each task's name. */
  readonly tasks?: Readonly<Record<string, { readonly problems: number; readonly accuracy: number }>> | undefined;
}

/** A setting that a run was resumed with another value of. */
export interface SettingChange {
  /** Steps taken before it. */
  readonly step: number;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface CardFacts {
  readonly name: string;
  /** What the model is, in a sentence or two. */
  readonly summary: string;
  readonly model: ModelDescription;
  /** Name of the task it was trained on: a tag, by which the page knows what to ask it. */
  readonly task: string;
  /** A question of the task. */
  readonly example: string;
  readonly difficulty: Readonly<Record<string, number>>;
  /** Name of the model it was trained from, if any. */
  readonly baseModel?: string;
  /** The command that makes it again, unless settings were changed on the way. */
  readonly command: string;
  /** How the answers that were measured were drawn: what generation_config.json says. */
  readonly generation: GenerationSettings;
  /** Undefined where nothing was measured. */
  readonly evaluation: CardEvaluation | undefined;
  /** Where `evaluation` is older than the weights: the step at which it was measured, of the steps that they took. */
  readonly measuredAt?: { readonly step: number; readonly of: number } | undefined;
  /** The model that training started from, measured in the same way. */
  readonly before?: CardEvaluation | undefined;
  /** More rows of the table of results, e.g. `steps` → `150`. */
  readonly rows?: readonly (readonly [name: string, value: string])[];
  /** Changes of settings while it was trained, the first one first. */
  readonly changes?: readonly SettingChange[] | undefined;
  /** What decided the weights, as it was at the end. */
  readonly settings: unknown;
  readonly device: string;
  readonly seconds: number;
}

const thousands = (count: number) => count.toLocaleString('en');

/** `0.924 (0.898 to 0.944)`: a share of trials, and its 95 % interval. */
export function shareWithInterval(share: number, trials: number): string {
  const { low, high } = wilsonInterval(share * trials, trials);
  return `${share.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function evaluationRows(
  evaluation: CardEvaluation,
  measuredAt: CardFacts['measuredAt'],
): [name: string, value: string][] {
  const { problems, accuracy, format, meanThinkingTokens, language, tasks = {} } = evaluation;
  const rows: [string, string | undefined][] = [
    [`accuracy on ${problems} problems`, shareWithInterval(accuracy, problems)],
    ...Object.entries(tasks).map(([name, of]): [string, string] => [
      `of them ${of.problems} of ${name}`,
      shareWithInterval(of.accuracy, of.problems),
    ]),
    ['right form', format?.toFixed(3)],
    ['mean thinking tokens', meanThinkingTokens?.toFixed(1)],
    ['words of thinking in English', language?.en.toFixed(3)],
    ['words of thinking in Chinese', language?.zh.toFixed(3)],
  ];
  const when = measuredAt ? `, measured at step ${measuredAt.step} of ${measuredAt.of}` : '';
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [[name + when, value]]));
}

/** Whose the figures are, where they are older than the weights. */
function ageText({ measuredAt, baseModel = 'the model before' }: CardFacts): string {
  if (measuredAt === undefined) return '';
  const { step, of } = measuredAt;
  const whose = step === 0 ? `${baseModel}, which it was trained from` : `the weights of step ${step}`;
  return ` Not measured since step ${step}: the figures are those of ${whose}, not those of the weights of step ${of}.`;
}

/** How answers were drawn, after the word “answers”. */
export function drawnText({ temperature, topP, topK, maxNewTokens }: GenerationSettings): string {
  const how = [
    temperature === 0 ? 'of the likeliest tokens' : `sampled at temperature ${temperature}`,
    ...(topP < 1 ? [`top-p ${topP}`] : []),
    ...(topK > 0 ? [`top-k ${topK}`] : []),
  ];
  return `${how.join(', ')} and cut after ${maxNewTokens} tokens`;
}

function results(facts: CardFacts): string {
  const { evaluation, measuredAt, before, rows = [], difficulty, generation } = facts;
  const table = [
    ...(evaluation ? evaluationRows(evaluation, measuredAt) : []),
    ...(before
      ? [[`before: accuracy on ${before.problems} problems`, shareWithInterval(before.accuracy, before.problems)]]
      : []),
    ...rows,
  ];
  const dials = Object.entries(difficulty).map(([dial, value]) => `${dial} ${value}`);
  const kind = dials.length > 0 ? ` (${dials.join(', ')})` : '';
  const measured =
    `Measured on held-out problems that no training sees${kind}, one answer to each, ` +
    `${drawnText(generation)}, as generation_config.json has it. ` +
    'In brackets: the 95 % interval (Wilson).';
  const lines = table.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  const tableText = table.length > 0 ? `| | |\n|---|---|\n${lines}\n\n` : '';
  return `${tableText}${evaluation ? measured + ageText(facts) : 'Its accuracy was not measured.'}`;
}

/** Code between fences that are longer than any run of backticks in it. */
function fenced(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** What makes the model again; or that nothing does, since its settings were changed on the way. */
function howItWasMade({ command, changes = [], settings, device, seconds }: CardFacts): string {
  const isSteady = changes.length === 0;
  const told = changes.map(({ step, name, from, to }) => `after step ${step}, ${name} from ${from} to ${to}`);
  const start = isSteady
    ? fenced('sh', command)
    : `Settings were changed while it was trained: ${told.join('; ')}. So no single command makes it again${
        settings === undefined ? '.' : '; these are the settings at the end:'
      }`;
  const parts = [
    start,
    ...(settings === undefined ? [] : [fenced('json', JSON.stringify(settings, null, 2))]),
    `On ${device}, in ${formatSeconds(seconds)}.${isSteady ? SAME_WEIGHTS : ''}`,
  ];
  return parts.join('\n\n');
}

const SAME_WEIGHTS =
  ' The same seed gives the same weights, bit for bit, on the same device and with the same version of the program.';

/** A name as a YAML scalar: as it is where it is plain, else in quotes. */
const yamlText = (text: string) => (/^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text));

/** The hub's own tag names models of the hub; a folder of any other name is none of them. */
const trainedFrom = (name: string) => `${isHubName(name) ? 'base_model' : 'trained_from'}: ${yamlText(name)}`;

function attentionText(attention: Attention): string {
  if (attention.kind === 'latent') return `${attention.heads} heads of multi-head latent attention`;
  return `${attention.heads} heads of attention over ${attention.kvHeads} of keys and values`;
}

/** `… parameters (… for one token): 3 layers of width 64, …`, as several lines. */
function architectureText(architecture: Architecture): string {
  const { layers, width, vocabulary, maxPositions } = architecture;
  const { total, active } = countParameters(architecture);
  const [{ attention }] = layers as [Layer];
  const { experts } = expertLayers(architecture)[0] ?? {};
  const routed = experts
    ? `${experts.numExperts} experts of which ${experts.topK} are chosen, ${experts.numShared} shared`
    : 'dense';
  return (
    `${thousands(total)} parameters (${thousands(active)} for one token): ${layers.length} layers of width ${width},\n` +
    `${attentionText(attention)}, ${routed},\n` +
    `${vocabulary} tokens, at most ${maxPositions} at once.`
  );
}

const ANSWERS =
  'It answers in the form `question <think> … </think><answer> … </answer>`. It knows nothing but its task, and it is ' +
  'often wrong.';
const GRADES =
  'It grades an answer by one number, where the end token of `question <think> … </think><answer> … </answer>` was read: ' +
  'the higher, the more its rater would prefer it. Only differences between answers to one question mean something.';

function answeringCode({ example }: CardFacts): string {
  return `from transformers import AutoModelForCausalLM, AutoTokenizer

folder = "."  # where this file is
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder)
messages = [{"role": "user", "content": ${JSON.stringify(example)}}]
prompt = tokenizer.apply_chat_template(messages, return_tensors="pt", return_dict=True)
print(tokenizer.decode(model.generate(**prompt)[0]))`;
}

function gradingCode({ example }: CardFacts): string {
  return `from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder = "."  # where this file is
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder)
messages = [{"role": "user", "content": ${JSON.stringify(example)}}]
prompt = tokenizer.apply_chat_template(messages, tokenize=False)
answer = "<think></think><answer>0</answer>" + tokenizer.eos_token
print(model(**tokenizer(prompt + answer, add_special_tokens=False, return_tensors="pt")).logits)`;
}

/** The card as Markdown. */
export function modelCard(facts: CardFacts): string {
  const { family, architecture } = facts.model;
  return `---
license: apache-2.0
library_name: transformers
pipeline_tag: ${architecture.isGrader ? 'text-classification' : 'text-generation'}
language:
- en
- zh
tags:
- soliloquy
- ${family}
- reasoning
- ${facts.task}
${facts.baseModel ? `${trainedFrom(facts.baseModel)}\n` : ''}---

# ${facts.name}

${facts.summary}

A \`${family}\` of ${architectureText(architecture)}

${architecture.isGrader ? GRADES : ANSWERS}

## Results

${results(facts)}

## How it was made

${howItWasMade(facts)}

## How to use it

${fenced('python', architecture.isGrader ? gradingCode(facts) : answeringCode(facts))}
`;
}

// The answers of a GRPO step whose problems the model writes itself (as in Absolute Zero, arXiv 2505.03335): it is asked for
// problems, answers each several times, and those that it answers sometimes right and sometimes wrong are learned from. A problem
// is worth 1 if it is one of those, else 0; so the same step teaches to ask and to answer. The verifier is the only judge.
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import { type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Rollout } from '../../engine/rollout';
import type { Runtime } from '../../engine/runtime';
import { parseCompletion } from '../../tasks/completion';
import { PROPOSE, readProposal, type SizedProblems, sizeOf } from '../../tasks/proposals';
import type { Problem } from '../../tasks/task';
import { type JudgedAnswer, judge, rolloutKey } from '../evaluation/evaluate';
import { generationOf } from '../evaluation/samplingSettings';
import type { GrpoConfig } from '../grpo/grpoConfig';
import type { AnswerSource, Sampled, ScoredAnswer } from '../grpo/grpoSampling';
import type { OnGrpoPhase } from '../grpo/grpoStep';

/** Of the groups of a step one in so many asks. */
const ASKING = 4;
/** A problem is kept where this share of the answers is right. */
export const BAND = { least: 0.2, most: 0.8 } as const;

export const isLearnable = (share: number): boolean => share >= BAND.least && share <= BAND.most;

/** What may be asked, and at which temperature it is. */
export interface AskedSizes extends SizedProblems {
  readonly temperature: number;
}

/** A problem that was asked, and its answers. */
interface Tried {
  readonly problem: Problem;
  readonly answers: readonly JudgedAnswer[];
  /** Of right answers. */
  readonly share: number;
}

export class CurriculumSampler implements AnswerSource {
  constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    private readonly problems: AskedSizes,
    private readonly config: GrpoConfig,
    private readonly generator: Generator,
  ) {}

  get sampling(): SamplingOptions {
    return samplingOf(this.model, generationOf(this.config));
  }

  drawAhead(): void {}

  async sample(step: number, onPhase?: OnGrpoPhase): Promise<Sampled> {
    const { config, model, problems } = this;
    const { num_generations: size, num_prompts } = config;
    const numAsking = Math.max(1, Math.floor(num_prompts / ASKING));
    model.weights.clearLoads();
    const ask = model.tokenizer.encodePrompt(PROPOSE);
    const asked = await this.#generate(step, 0, Array(numAsking).fill(ask), problems.temperature);
    const proposals = asked.map((rollout) => {
      const { answer } = parseCompletion(model.tokenizer.decode(rollout.tokens), model.tokenizer.opensThinking(ask));
      return readProposal(problems, rollout.stop === 'end' ? answer : undefined);
    });
    const distinct = [...new Map(proposals.flatMap((one) => (one ? [[keyOf(one), one] as const] : []))).values()];
    onPhase?.('sampling', asked.length, asked.length + distinct.length * size);
    const tried = new Map<string, Tried>();
    for (let first = 0; first < distinct.length; first += num_prompts) {
      for (const one of await this.#try(step, first, distinct.slice(first, first + num_prompts))) {
        tried.set(keyOf(one.problem), one);
      }
    }
    const kept = [...tried.values()].filter(({ share }) => isLearnable(share));
    const answers = [
      ...(await this.#scoreProposals(asked, proposals, tried)),
      ...kept.slice(0, num_prompts - numAsking).flatMap(({ answers: all }) => all.map(scoreAnswer)),
    ];
    const all = [...tried.values()].flatMap(({ answers: given }) => given);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const sizes = kept.map(({ problem }) => sizeOf(problems, problem) ?? 0);
    return {
      answers,
      promptTokens: ask.length * numAsking,
      generatedTokens: sum([...asked, ...all.map(({ rollout }) => rollout)].map(({ tokens }) => tokens.length)),
      numBatches: 1,
      asked: [...tried.values()].map(({ problem, share }) => ({
        question: problem.question,
        size: sizeOf(problems, problem) ?? 0,
        share,
        isLearnable: isLearnable(share),
      })),
      metrics: {
        'curriculum/valid': proposals.filter((one) => one).length / proposals.length,
        'curriculum/distinct': distinct.length / proposals.length,
        'curriculum/kept': kept.length,
        ...(tried.size > 0 && {
          'curriculum/accuracy': sum([...tried.values()].map(({ share }) => share)) / tried.size,
        }),
        ...(kept.length > 0 && { 'curriculum/mean_size': sum(sizes) / sizes.length }),
        ...(kept.length > 0 && { 'curriculum/max_size': Math.max(...sizes) }),
      },
    };
  }

  #generate(
    step: number,
    part: number,
    prompts: readonly (readonly number[])[],
    temperature = this.sampling.temperature,
  ): Promise<Rollout[]> {
    const { config, generator } = this;
    const size = config.num_generations;
    return generator.generate({
      prompts,
      members: size,
      sampling: { ...this.sampling, temperature },
      key: (group, member) => rolloutKey(config.seed, 'rollout', step, (part + group) * size + member),
    });
  }

  async #try(step: number, first: number, problems: readonly Problem[]): Promise<Tried[]> {
    const {
      model,
      runtime,
      problems: { task },
      config,
    } = this;
    const prompts = problems.map(({ question }) => model.tokenizer.encodePrompt(question));
    const rollouts = await this.#generate(step, config.num_prompts + first, prompts);
    const answers = await Promise.all(
      rollouts.map((rollout) => judge(runtime, model, task, problems[rollout.group] as Problem, rollout)),
    );
    return problems.map((problem, group) => {
      const own = answers
        .filter(({ rollout }) => rollout.group === group)
        .sort((a, b) => a.rollout.member - b.rollout.member);
      return { problem, answers: own, share: own.filter(({ verdict }) => verdict.correct).length / own.length };
    });
  }

  /** Each problem is worth something once in a step. */
  async #scoreProposals(
    asked: readonly Rollout[],
    proposals: readonly (Problem | undefined)[],
    tried: ReadonlyMap<string, Tried>,
  ): Promise<ScoredAnswer[]> {
    const { runtime, model, problems } = this;
    const rewarded = new Set<string>();
    const question = { task: problems.task.name, question: PROPOSE, answer: '' };
    const scored = asked.map(async (rollout, i): Promise<ScoredAnswer> => {
      const proposal = proposals[i];
      const key = proposal && keyOf(proposal);
      const one = key === undefined ? undefined : tried.get(key);
      const isWorth = one !== undefined && isLearnable(one.share) && !rewarded.has(keyOf(one.problem));
      if (isWorth) rewarded.add(keyOf(one.problem));
      const answer = await judge(runtime, model, problems.task, question, rollout);
      const verdict = { ...answer.verdict, correct: isWorth };
      const total = Number(isWorth);
      return {
        answer: { ...answer, verdict },
        score: { scores: { accuracy: null, learnable: total }, total, isFailed: false },
      };
    });
    const place = ({ answer: { rollout } }: ScoredAnswer) =>
      rollout.group * this.config.num_generations + rollout.member;
    return (await Promise.all(scored)).sort((a, b) => place(a) - place(b));
  }
}

const keyOf = ({ canonical, question }: Problem) => canonical ?? question;

function scoreAnswer(answer: JudgedAnswer): ScoredAnswer {
  const total = Number(answer.verdict.correct);
  return { answer, score: { scores: { accuracy: total, learnable: null }, total, isFailed: false } };
}

// How a question is put to a base that was not trained here: it has to be told the form of an answer, and what is asked.
import { jobTask } from './problems';
import type { PromptForm } from './rows';

// The words of DeepSeek-R1-Zero's template (arXiv 2501.12948, table 1), after which the user speaks.
const FORM =
  'A conversation between User and Assistant. The user asks a question, and the Assistant solves it. The assistant first ' +
  'thinks about the reasoning process in the mind and then provides the user with the answer. The reasoning process and ' +
  'answer are enclosed within <think> </think> and <answer> </answer> tags, respectively, i.e., <think> reasoning process ' +
  'here </think> <answer> answer here </answer>.';

/** What the answer of a task is, where its question does not say so itself. */
const ASKED: Readonly<Record<string, string>> = {
  chained_sums: 'The answer is one whole number.',
  products: 'The answer is one whole number.',
  countdown:
    'From 8,5,2=15? make the number after the sign = of all numbers before it, each used once, with + - * and brackets. ' +
    'The answer is the calculation, such as 8+5+2.',
  equations: 'Solve the equation. The answer is x=5, two solutions as x=2,x=3, none as \\varnothing.',
  programs: 'Find the function of which some values are given. The answer is an expression in x, such as 3*x+8.',
  sequences: 'Go on with the sequence. The answer is the next number.',
  word_problems: 'The answer is one whole number, without a unit.',
  nim:
    'Win at Nim: the numbers are heaps of stones, a move takes one to three stones from one heap, who takes the last stone ' +
    'wins. The answer is your move, such as 13-2: from the heap of 13 take 2.',
  small_talk: 'Answer in a few words. If there is no sense in a question, say that you do not know.',
};

/** The messages that ask a problem of another model. */
export const askBase: PromptForm = (problem) => {
  const asked = ASKED[jobTask(problem)];
  return [
    { role: 'system', content: asked === undefined ? FORM : `${FORM} ${asked}` },
    { role: 'user', content: problem.question },
  ];
};

/** The tasks of which is said what their answers are. */
export const TOLD_TASKS = Object.keys(ASKED);

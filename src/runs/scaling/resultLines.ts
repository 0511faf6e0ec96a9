// Results of a grid as lines of JSON, one a run.
import * as v from 'valibot';
import type { GridResult } from './gridRun';

const figure = v.pipe(v.number(), v.finite());

const resultSchema = v.object({
  id: v.string(),
  size: v.string(),
  parameters: figure,
  innerParameters: figure,
  tokens: figure,
  uniqueTokens: figure,
  loss: figure,
  steps: figure,
  learningRate: figure,
  seconds: figure,
  device: v.string(),
});

export const resultLine = (result: GridResult): string => `${JSON.stringify(result)}\n`;

/** The results in a file. A line that is none, as the last one of a program that was killed, is left out. */
export function readResults(text: string): GridResult[] {
  return text.split('\n').flatMap((line) => {
    const result = v.safeParse(resultSchema, parsed(line));
    return result.success ? [result.output] : [];
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

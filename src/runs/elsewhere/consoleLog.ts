// Metrics from what a trainer printed: veRL's `step:1 - critic/score/mean:0.5 - …`, and the Python dictionaries of TRL.
import { type JsonObject, parseObject } from './pythonJson';

const VERL_LINE = /(?:^|\s)step:(\d+) - (.+)$/;
const VERL_FIGURE = /^(.+?):(?:np\.float\d+\()?([-+.\deE]+|-?inf|nan)\)?$/;
const DICTIONARY = /\{'[^{}]*\}/;

/** What a line tells; undefined for one that is something else. */
export function consoleFigures(line: string): JsonObject | undefined {
  const verl = VERL_LINE.exec(line);
  if (verl) {
    const figures = (verl[2] as string).split(' - ').flatMap((part) => {
      const [, name, value] = VERL_FIGURE.exec(part.trim()) ?? [];
      return name === undefined ? [] : [[name, toFigure(value as string)] as const];
    });
    return { step: Number(verl[1]), ...Object.fromEntries(figures) };
  }
  const found = DICTIONARY.exec(line)?.[0];
  if (found === undefined) return undefined;
  const value = parseObject(
    found
      .replace(/\bnan\b/g, 'NaN')
      .replace(/\binf\b/g, 'Infinity')
      .replaceAll("'", '"'),
  );
  if (value === undefined) return undefined;
  // transformers 5 prints figures as texts.
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toFigure(one)]));
}

function toFigure(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  if (/^-?(nan|inf|infinity)$/i.test(value)) return null;
  const figure = Number(value);
  return Number.isNaN(figure) ? value : figure;
}

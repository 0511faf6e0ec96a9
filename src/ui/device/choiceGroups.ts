// The engine's choices in groups of one kind, one answer and one reason, so that fifteen like rows read as one.
import type { EngineChoice } from '../../protocol/protocol';

/** Whether a choice is one among the kernels of a matrix product. */
export const isProduct = ({ subject }: EngineChoice) => /^a[ᵀ]?·b/.test(subject);

export interface ChoiceGroup {
  readonly isProducts: boolean;
  readonly chosen: string;
  /** Never empty. */
  readonly choices: readonly [EngineChoice, ...EngineChoice[]];
}

/** The device's own words make a fault one of its own; the figures of measurements differ and are still one reason. */
function keyOf(choice: EngineChoice): string {
  const { chosen, why } = choice;
  const fault = 'fault' in why ? why.fault : '';
  return JSON.stringify([isProduct(choice), chosen, why.kind, fault]);
}

/** Groups in the order in which their first choices were noted. */
export function groupChoices(choices: readonly EngineChoice[]): readonly ChoiceGroup[] {
  const groups = new Map<string, ChoiceGroup>();
  for (const choice of choices) {
    const key = keyOf(choice);
    const group = groups.get(key);
    groups.set(key, {
      isProducts: isProduct(choice),
      chosen: choice.chosen,
      choices: group ? [...group.choices, choice] : [choice],
    });
  }
  return [...groups.values()];
}

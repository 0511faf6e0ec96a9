// The recipes by which a base model of a task is made, each fetched when it is asked for.
const RECIPES = import.meta.glob<string>('../../../recipes/tasks/*.json', { query: '?raw', import: 'default' });

const pathOf = (task: string) => `../../../recipes/tasks/${task}.json`;

export const hasRecipe = (task: string): boolean => pathOf(task) in RECIPES;

/** The text of a task's recipe; undefined where there is none. */
export const readRecipe = async (task: string): Promise<string | undefined> => RECIPES[pathOf(task)]?.();

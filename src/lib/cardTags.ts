// What a model card tells a program: the tags in its front matter, among them the task that the model was trained on.

/** A card from disk may be of any length; of a longer one the beginning is enough. */
export const MAX_CARD_LENGTH = 20_000;

/** A card's front matter: YAML, empty where there is none. */
export function cardFront(markdown: string): string {
  return /^---\n([\s\S]*?)\n---(\n|$)/.exec(markdown.slice(0, MAX_CARD_LENGTH).replaceAll('\r\n', '\n'))?.[1] ?? '';
}

/** The tags in a card's front matter. */
export function cardTags(markdown: string): string[] {
  const list = /^tags:\n((?:- .*(?:\n|$))*)/m.exec(cardFront(markdown))?.[1] ?? '';
  return list.split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2).trim()] : []));
}

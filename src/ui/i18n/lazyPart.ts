import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { type LaterPart, loadTexts } from '.';

/** `lazy` for a component whose texts are of a later part: they come beside its program. */
export function lazyPart<Props>(
  part: LaterPart,
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => (await Promise.all([load(), loadTexts(part)]))[0]);
}

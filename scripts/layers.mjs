// The picture of the layers in the README, drawn from the arrows that `npm run arrows` checks:
// `node scripts/layers.mjs` prints it.
import { fileURLToPath } from 'node:url';
import { MAY_IMPORT } from '../.dependency-cruiser.mjs';

/**
 * Mermaid's text of a graph of the layers, lowest first. An arrow that follows from others is left out.
 * @param {Record<string, string[]>} mayImport by layer, those below it that it may import.
 */
export function layersDiagram(mayImport) {
  /** @param {string} layer @returns {Set<string>} */
  const reached = (layer) => new Set((mayImport[layer] ?? []).flatMap((below) => [below, ...reached(below)]));
  const arrows = Object.entries(mayImport).flatMap(([layer, targets]) => {
    const direct = targets.filter((target) => !targets.some((other) => reached(other).has(target)));
    return direct.map((target) => `  ${layer} --> ${target}`);
  });
  return ['flowchart BT', ...arrows].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(layersDiagram(MAY_IMPORT));

// A row of small plots as one SVG, for the documents: lines with bands of a standard deviation, or points over categories.

/**
 * @typedef {{ x: number, y: number, sd?: number }} Point
 * @typedef {{ name?: string, points: Point[] }} Series
 * @typedef {{ title: string, x?: string, categories?: string[], log?: boolean, marks?: number[],
 *   top?: number, key?: 'bottom' | 'top' | 'top left', series: Series[] }} Panel
 */

const WIDTH = 320;
const HEIGHT = 260;
const PLOT = { left: 44, right: 12, top: 34, bottom: 58 };
const NUM_TICKS = 4;

const STYLE = `
    text { font: 11px system-ui, sans-serif; fill: #4b5058; }
    .title { font-weight: 600; fill: #1d2025; }
    .grid { stroke: #8884; }
    .s0 { --c: #2f62c9; } .s1 { --c: #b4541a; } .s2 { --c: #2b7d53; }
    .s3 { --c: #8a4bb0; } .s4 { --c: #8a7410; } .s5 { --c: #a52a55; }
    .line { fill: none; stroke: var(--c); stroke-width: 1.8; } .band { fill: var(--c); opacity: 0.16; }
    .point { fill: var(--c); } .error { stroke: var(--c); stroke-width: 1.5; } .key { fill: var(--c); }
    @media (prefers-color-scheme: dark) {
      text { fill: #b3b8c0; } .title { fill: #eceef1; }
      .s0 { --c: #86adff; } .s1 { --c: #f0a070; } .s2 { --c: #7fd0a4; }
      .s3 { --c: #cf9bef; } .s4 { --c: #d9c35a; } .s5 { --c: #f08fb0; }
    }`;

const plain = (/** @type {string} */ text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const at = (/** @type {number} */ number) => number.toFixed(1);

/** A round number at or above the largest value. @param {number} value */
function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => factor * unit).find((round) => round >= value) ?? value;
}

/** @param {Panel} panel @param {number} offset */
function panelSvg({ title, x: xLabel, categories, log, marks: given, top, key = 'bottom', series }, offset) {
  const points = series.flatMap((one) => one.points);
  const highest = top ?? roundUp(Math.max(0, ...points.map(({ y, sd = 0 }) => y + sd)));
  const xs = points.map(({ x }) => (log ? Math.log2(x) : x));
  const [least, most] = categories ? [-0.5, categories.length - 0.5] : [log ? Math.min(...xs) : 0, Math.max(...xs)];
  const [plotWidth, plotHeight] = [WIDTH - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
  const px = (/** @type {number} */ x) =>
    PLOT.left + (((log ? Math.log2(x) : x) - least) / (most - least || 1)) * plotWidth;
  const py = (/** @type {number} */ y) => PLOT.top + (1 - Math.min(highest, Math.max(0, y)) / highest) * plotHeight;
  const out = [
    `<g transform="translate(${offset} 0)">`,
    `<text class="title" x="${PLOT.left}" y="18">${plain(title)}</text>`,
  ];
  for (let tick = 0; tick <= NUM_TICKS; tick++) {
    const value = (highest * tick) / NUM_TICKS;
    out.push(
      `<line class="grid" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${at(py(value))}" y2="${at(py(value))}"/>`,
    );
    out.push(
      `<text x="${PLOT.left - 6}" y="${at(py(value) + 4)}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
    );
  }
  const floor = HEIGHT - PLOT.bottom;
  if (categories) {
    for (const [index, name] of categories.entries()) {
      out.push(
        `<text transform="translate(${at(px(index))} ${floor + 12}) rotate(-24)" text-anchor="end">${plain(name)}</text>`,
      );
    }
  } else {
    const marks =
      given ??
      (log ? [...new Set(points.map(({ x }) => x))] : [0, 1, 2, 3].map((i) => least + ((most - least) * i) / 3));
    for (const mark of marks) {
      out.push(
        `<text x="${at(px(mark))}" y="${floor + 16}" text-anchor="middle">${given ? mark : Math.round(mark)}</text>`,
      );
    }
    out.push(
      `<text x="${at(PLOT.left + plotWidth / 2)}" y="${floor + 32}" text-anchor="middle">${plain(xLabel ?? '')}</text>`,
    );
  }
  for (const [index, { name, points: line }] of series.entries()) {
    const sorted = [...line].sort((a, b) => a.x - b.x);
    out.push(`<g class="s${index % 6}">`);
    if (!categories) {
      const upper = sorted.map(({ x, y, sd = 0 }) => `${at(px(x))},${at(py(y + sd))}`);
      const lower = sorted.map(({ x, y, sd = 0 }) => `${at(px(x))},${at(py(y - sd))}`).reverse();
      if (sorted.some(({ sd = 0 }) => sd > 0))
        out.push(`<polygon class="band" points="${[...upper, ...lower].join(' ')}"/>`);
      out.push(`<polyline class="line" points="${sorted.map(({ x, y }) => `${at(px(x))},${at(py(y))}`).join(' ')}"/>`);
    }
    for (const { x, y, sd = 0 } of categories || sorted.length <= 12 ? sorted : []) {
      if (categories && sd > 0) {
        out.push(
          `<line class="error" x1="${at(px(x))}" x2="${at(px(x))}" y1="${at(py(y - sd))}" y2="${at(py(y + sd))}"/>`,
        );
      }
      out.push(`<circle class="point" cx="${at(px(x))}" cy="${at(py(y))}" r="3"/>`);
    }
    if (name !== undefined) {
      const y = key === 'bottom' ? floor - 12 * (series.length - index) : PLOT.top + 10 + 12 * index;
      const x = key === 'top left' ? PLOT.left + 10 : WIDTH - 116;
      out.push(`<rect class="key" x="${x}" y="${y - 4}" width="10" height="3"/>`);
      out.push(`<text x="${x + 14}" y="${y}">${plain(name)}</text>`);
    }
    out.push('</g>');
  }
  out.push('</g>');
  return out.join('\n  ');
}

/**
 * The SVG's text. A point's `sd` is drawn as a band around its line, or as a bar where there are categories.
 * @param {Panel[]} panels @param {string} caption said to those who cannot see it
 */
export function figure(panels, caption) {
  const drawn = panels.map((panel, index) => panelSvg(panel, index * WIDTH));
  const size = `viewBox="0 0 ${WIDTH * panels.length} ${HEIGHT}" width="${WIDTH * panels.length}" height="${HEIGHT}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${plain(caption)}">
  <style>${STYLE}
  </style>
  ${drawn.join('\n  ')}
</svg>
`;
}

// The drawn side of a row of the graph: its node, the lines that come in, go by and go on.
import type { GraphRow } from './graph';

const LANE_PX = 20;
/** Where a row's node lies below its top. */
const NODE_Y = 32;
const RADIUS = 6;
const xOf = (lane: number) => 10 + lane * LANE_PX;

export const railWidth = (numLanes: number) => xOf(numLanes - 1) + 10;

export type Standing = 'waiting' | 'running' | 'done';

interface RailProps {
  readonly row: GraphRow;
  readonly numLanes: number;
  readonly standing: Standing;
}

export function Rail({ row, numLanes, standing }: RailProps) {
  const { lane, incoming, passing, continues } = row;
  const x = xOf(lane);
  return (
    <svg
      aria-hidden
      width={railWidth(numLanes)}
      className="absolute inset-y-0 left-0 h-full overflow-visible fill-none stroke-faint"
      strokeWidth={1.5}
    >
      {passing.map((other) => (
        <line key={other} x1={xOf(other)} x2={xOf(other)} y1="0" y2="100%" />
      ))}
      {incoming.map((other) => (
        <path key={other} d={other === lane ? `M${x} 0V${NODE_Y - 14}` : curve(xOf(other), x)} />
      ))}
      {continues && <line x1={x} x2={x} y1={NODE_Y} y2="100%" />}
      {incoming.length > 0 && (
        <path
          d={`M${x - 4} ${NODE_Y - 15}h8l-4 6z`}
          className="fill-faint stroke-faint"
          strokeWidth={1}
          strokeLinejoin="round"
        />
      )}
      <Node makes={row.makes} x={x} standing={standing} />
    </svg>
  );
}

/** From a lane at the row's top to the arrow above the node. */
const curve = (from: number, to: number) => `M${from} 0C${from} 13 ${to} 3 ${to} ${NODE_Y - 14}`;

const LOOKS: Readonly<Record<Standing, string>> = {
  waiting: 'fill-paper stroke-edge',
  running: 'fill-paper stroke-accent',
  done: 'fill-accent stroke-accent',
};

function Node({
  makes,
  x,
  standing,
}: {
  readonly makes: GraphRow['makes'];
  readonly x: number;
  readonly standing: Standing;
}) {
  const look = LOOKS[standing];
  return (
    <g strokeWidth={2} className={look}>
      {makes === 'set' ? (
        <rect x={x - RADIUS} y={NODE_Y - RADIUS} width={2 * RADIUS} height={2 * RADIUS} rx={1.5} />
      ) : (
        <circle cx={x} cy={NODE_Y} r={RADIUS} />
      )}
      {makes === 'input' && <circle cx={x} cy={NODE_Y} r={RADIUS - 2.5} className="fill-paper" strokeWidth={1} />}
      {standing === 'running' && (
        <circle cx={x} cy={NODE_Y} r={2.5} className="fill-accent motion-safe:animate-pulse" strokeWidth={0} />
      )}
    </g>
  );
}

/** A node by itself, for the legend. */
export function LegendNode({ makes }: { readonly makes: GraphRow['makes'] }) {
  return (
    <svg aria-hidden width={16} height={16} viewBox={`2 ${NODE_Y - 8} 16 16`} className="inline-block align-[-3px]">
      <Node makes={makes} x={10} standing="waiting" />
    </svg>
  );
}

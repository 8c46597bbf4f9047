import classes from './charts.module.css';

export interface SparklineProps {
  /** Oldest first; one bar for each. */
  readonly buckets: readonly { readonly delivered: number; readonly failed: number }[];
  /** What it shows, for those who hear the page. */
  readonly label: string;
}

const width = 80;
const height = 24;

/** Bars of what was delivered, and above them of what failed; as tall as the busiest. */
export function Sparkline({ buckets, label }: SparklineProps) {
  const most = Math.max(1, ...buckets.map(({ delivered, failed }) => delivered + failed));
  const step = width / Math.max(buckets.length, 1);
  const bar = Math.max(step - 1, 1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      className={classes.sparkline}
    >
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} className={classes.base} />
      {buckets.map(({ delivered, failed }, index) => {
        const good = barHeight(delivered, most);
        const bad = barHeight(failed, most);
        const x = index * step;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
          <g key={index}>
            {good > 0 && (
              <rect x={x} y={height - good} width={bar} height={good} className={classes.delivered} />
            )}
            {bad > 0 && (
              <rect
                x={x}
                y={Math.max(height - good - bad, 0)}
                width={bar}
                height={bad}
                className={classes.failed}
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** Whatever there is can be seen: 2 of 24 units at least. */
function barHeight(count: number, most: number): number {
  return count === 0 ? 0 : Math.max((count / most) * (height - 1), 2);
}

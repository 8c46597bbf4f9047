import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import classes from './charts.module.css';
import type { ChartSeries, TimeChartProps } from './series.ts';
import { hasLonelyPoint, highest, stack } from './stack.ts';

export interface PlotProps extends Omit<TimeChartProps, 'title' | 'note'> {
  readonly scheme: 'light' | 'dark';
  /** The bucket under the pointer; `null`: none. */
  readonly onPoint: (index: number | null) => void;
}

const height = 168;
const dayMs = 86_400_000;

/** The drawing itself: made anew when the figures or the colours change, resized with its place. */
export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const { times, series, kind, scheme, bucketMs, format, formatAxis, onPoint } = props;

  useEffect(() => {
    const element = place.current;
    if (!element || times.length === 0) return;
    const given = { times, series, kind, scheme, bucketMs, format, onPoint };
    const options = plotOptions(formatAxis ? { ...given, formatAxis } : given, element.clientWidth);
    const columns = series.map(({ values }) => values);
    // The last of a stack is the tallest and is drawn first.
    const drawn = kind === 'bars' ? stack(columns).toReversed() : columns;
    const plot = new UPlot(options, [times.map((at) => at / 1_000), ...drawn] as UPlot.AlignedData, element);
    const resized = new ResizeObserver(() => {
      if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [times, series, kind, scheme, bucketMs, format, formatAxis, onPoint]);

  return <div ref={place} className={classes.canvas} style={{ height }} />;
}

function plotOptions(props: PlotProps, width: number): UPlot.Options {
  const { times, series, kind, scheme, bucketMs, format, formatAxis = format, onPoint } = props;
  const colour = (token: string) => cssColour(`--mantine-color-${token}`);
  const ink = colour(scheme === 'dark' ? 'dark-1' : 'gray-7');
  const grid = { stroke: colour(scheme === 'dark' ? 'dark-5' : 'gray-2'), width: 1 };
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const from = (times[0] ?? 0) / 1_000;
  const to = ((times.at(-1) ?? 0) + bucketMs) / 1_000;
  const all = kind === 'bars' ? stack(series.map(({ values }) => values)) : series.map((one) => one.values);
  const axis = { stroke: ink, grid, ticks: { show: false }, font };

  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: kind === 'lines' } },
    scales: {
      x: { time: true, range: [from, to] },
      y: { range: [0, highest(all)] },
    },
    axes: [
      { ...axis, size: 26, space: 64, values: (_plot, ticks) => ticks.map(timeAxis(bucketMs)) },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => formatAxis(tick)) },
    ],
    series: [
      {},
      ...(kind === 'bars' ? series.toReversed() : series).map(({ label, colour: own, values }) => ({
        label,
        ...(kind === 'bars' ? bars(colour(own[scheme])) : line(colour(own[scheme]), values)),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    ...(bucketMs >= dayMs && { tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), 'UTC') }),
  };
}

/** An hour, or the day where one begins; seconds since the Unix epoch. */
function timeAxis(bucketMs: number): (at: number) => string {
  const zone = bucketMs >= dayMs ? { timeZone: 'UTC' } : {};
  const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', ...zone });
  if (bucketMs >= dayMs) return (at) => day.format(at * 1_000);
  const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
  return (at) => {
    const date = new Date(at * 1_000);
    return date.getHours() === 0 && date.getMinutes() === 0 ? day.format(date) : hour.format(date);
  };
}

function bars(fill: string): Partial<UPlot.Series> {
  const { bars: barsOf } = UPlot.paths;
  return {
    fill,
    width: 0,
    points: { show: false },
    ...(barsOf && { paths: barsOf({ size: [0.8, 48], align: 1 }) }),
  };
}

function line(stroke: string, values: ChartSeries['values']): Partial<UPlot.Series> {
  const points = { size: 5, fill: stroke };
  return {
    stroke,
    width: 2,
    spanGaps: false,
    points: hasLonelyPoint(values) ? { ...points, show: true } : points,
  };
}

function cssColour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

/** A colour of the theme: the shade for light and the one for dark. */
export interface ChartColour {
  readonly light: string;
  readonly dark: string;
}

export const chartColours = {
  delivered: { light: 'teal-6', dark: 'teal-7' },
  failed: { light: 'red-6', dark: 'red-5' },
  volume: { light: 'wire-8', dark: 'wire-4' },
  typical: { light: 'wire-8', dark: 'wire-4' },
  slow: { light: 'orange-7', dark: 'orange-4' },
  slowest: { light: 'grape-7', dark: 'grape-3' },
} as const satisfies Record<string, ChartColour>;

export interface ChartSeries {
  readonly label: string;
  /** One for each time; `null`: nothing is known. */
  readonly values: readonly (number | null)[];
  readonly colour: ChartColour;
}

export interface TimeChartProps {
  readonly title: string;
  readonly note?: string;
  /** Starts of the buckets, ms since the Unix epoch, without gaps. */
  readonly times: readonly number[];
  readonly bucketMs: number;
  /** `bars`: one upon the other, the first at the bottom. */
  readonly kind: 'bars' | 'lines';
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** What the axis says, where it must be shorter. */
  readonly formatAxis?: (value: number) => string;
}

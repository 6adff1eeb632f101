/** How metrics and languages are written on axes and in tables. */

const titles: Readonly<Record<string, string>> = {
  accuracy: 'accuracy (%)',
  f1: 'F1 (%)',
  em: 'exact match (%)',
};

/** Axis title of a metric, with its unit. */
export function metricTitle(metric: string): string {
  return titles[metric] ?? metric;
}

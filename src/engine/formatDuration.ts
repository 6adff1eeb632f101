/** A duration for people: "45 s", "3 min", "1 h 20 min"; below 90 seconds in seconds, below 90 minutes in minutes. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

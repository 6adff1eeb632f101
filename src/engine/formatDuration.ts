/** How long something takes, for people: "45 s", "3 min", "1 h 20 min"; seconds are told up to 90 of them, minutes up to 90. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

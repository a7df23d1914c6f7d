/** `4:05`, `1:04:05`; with tenths `4:05.3`, as captions need. */
export function formatClock(timeS: number, tenths = false): string {
  const unit = tenths ? 10 : 1;
  const total = (tenths ? Math.round(Math.max(0, timeS) * unit) : Math.floor(Math.max(0, timeS))) / unit;
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = (total % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** Seconds of what a person writes as a time: `65`, `1:05`, `1:05.3`, `1:02:03,25`; null where it is none. */
export function parseClock(text: string): number | null {
  const match = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5}(?:[.,]\d{1,3})?)$/.exec(text.trim());
  if (!match) return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
}

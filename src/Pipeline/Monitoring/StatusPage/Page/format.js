// Figures as people read them. Everything is in UTC, as the lake is.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const digit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const number = value => whole.format(value);

/** For where there is no room for eight digits. */
export const short = value => value < 1e7 ? whole.format(value) : value < 1e10 ? `${digit.format(value / 1e6)} M` : `${digit.format(value / 1e9)} bn`;

export const rate = value => value > 0 && value < 9.95 ? digit.format(value) : whole.format(value);

export const plural = (value, noun) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 99.5 ? whole.format(value) : digit.format(value)} ${units[unit]}`;
}

export const percent = share => `${share > 0 && share < 0.0995 ? digit.format(share * 100) : whole.format(share * 100)}%`;

export function duration(seconds) {
  if (seconds < 0.9995) return `${whole.format(Math.max(0, seconds) * 1000)} ms`;
  if (seconds < 9.95) return `${digit.format(seconds)} s`;
  if (seconds < 59.5) return `${whole.format(seconds)} s`;
  const all = Math.round(seconds);
  if (all < 3600) return pair(Math.floor(all / 60), 'min', all % 60, 's');
  if (all < 86400) return pair(Math.floor(all / 3600), 'h', Math.floor(all / 60) % 60, 'min');
  return pair(Math.floor(all / 86400), 'd', Math.floor(all / 3600) % 24, 'h');
}

const pair = (large, unit, small, smallUnit) => small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;

export const clock = ms => new Date(ms).toISOString().slice(11, 19);

export const minute = ms => new Date(ms).toISOString().slice(11, 16);

export const day = ms => new Date(ms).toISOString().slice(0, 10);

/** The time, with the day where it is not today's. */
export const moment = (ms, now) => day(ms) === day(now) ? clock(ms) : `${day(ms)} ${clock(ms)}`;

import { median } from './statistics.ts';

/** What a list of samples spans. */
export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Each list of numbers within some figures, by its path; a list of objects is a list for each of their fields. */
export function spreads(figures: unknown, path = ''): Readonly<Record<string, Spread>> {
  if (isNumbers(figures)) {
    return { [path]: spread(figures) };
  }
  if (Array.isArray(figures)) {
    return spreads(columns(figures), path);
  }
  if (typeof figures !== 'object' || figures === null) {
    return {};
  }
  const inner = Object.entries(figures).map(([name, value]) =>
    spreads(value, path === '' ? name : `${path}.${name}`),
  );
  return Object.assign({}, ...inner) as Record<string, Spread>; // all that was assigned
}

function spread(values: readonly number[]): Spread {
  const short = (value: number) => Number(value.toPrecision(6));
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { count: values.length, min: short(min), median: short(median(values)), max: short(max) };
}

function columns(rows: readonly unknown[]): Record<string, unknown[]> {
  const lists: Record<string, unknown[]> = {};
  for (const row of rows) {
    for (const [name, value] of typeof row === 'object' && row !== null ? Object.entries(row) : []) {
      (lists[name] ??= []).push(value);
    }
  }
  return lists;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}

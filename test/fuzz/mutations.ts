import type { ServerResponse } from 'node:http';
import type { Random } from '../emulator/random.ts';

/** One of some things. */
export function pick<T>(random: Random, [first, ...others]: readonly [T, ...(readonly T[])]): T {
  const index = random.below(others.length + 1);
  return index === 0 ? first : (others[index - 1] ?? first);
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random.below(256)));
}

/** The same bytes with some of them lost, changed, repeated, or others among them. */
export function damaged(random: Random, data: Buffer): Buffer {
  const from = random.below(data.length + 1);
  const to = Math.min(data.length, from + 1 + random.below(20));
  const [before, part, after] = [data.subarray(0, from), data.subarray(from, to), data.subarray(to)];
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, part, part, after]);
    case 2:
      return Buffer.concat([before, randomBytes(random, part.length), after]);
    case 3:
      return before;
    default:
      return Buffer.concat([before, randomBytes(random, 1 + random.below(30)), part, after]);
  }
}

/** Texts that somebody may take for something else. */
export const hostileTexts = [
  '[click](command:workbench.action.quit)',
  '$(alert) $(sync~spin)',
  '<img src=x onerror=alert(1)>',
  '\u001b]0;title\u0007\u001b[2J',
  '\u202egnp.exe\u2066',
  'a\nb\r\nc\u2028d\0',
  'x'.repeat(70_000),
  '/'.repeat(5_000),
  '{"error":{"code":"a","message":"b"}}',
  '__proto__',
  'constructor',
  '👩‍💻\ud800',
] as const;

const oddValues: readonly [unknown, ...unknown[]] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  [],
  {},
  [[]],
  [null],
  { value: null },
  '0001-01-01T00:00:00Z',
  'not a date',
  ...hostileTexts,
];

/** The same JSON value with something of it replaced, left out, repeated or added. */
export function mutated(random: Random, value: unknown): unknown {
  if (random.below(6) === 0) {
    return pick(random, oddValues);
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [...(value as readonly unknown[])];
    if (items.length === 0) {
      return [pick(random, oddValues)];
    }
    const at = random.below(items.length);
    const how = random.below(4);
    if (how === 0) {
      items.splice(at, 1);
    } else if (how === 1) {
      items.push(items[at]);
    } else {
      items[at] = mutated(random, items[at]);
    }
    return items;
  }
  if (typeof value === 'object' && value !== null) {
    const entries: (readonly [string, unknown])[] = Object.entries(value);
    const at = random.below(entries.length + 1);
    const entry = entries[at];
    if (entry === undefined) {
      entries.push([pick(random, hostileTexts), pick(random, oddValues)]);
    } else if (random.below(4) === 0) {
      entries.splice(at, 1);
    } else {
      entries[at] = [entry[0], mutated(random, entry[1])];
    }
    return Object.fromEntries(entries);
  }
  return pick(random, oddValues);
}

const statuses = [
  200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 407, 408, 409, 429, 500, 501, 503, 504, 511,
] as const;

const headers: readonly [Readonly<Record<string, string>>, ...Readonly<Record<string, string>>[]] = [
  {},
  { 'retry-after': '3000000' },
  { 'retry-after': '-5' },
  { 'retry-after-ms': '3000000000' },
  { 'x-ms-retry-after-ms': '-1' },
  { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' },
  { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '99:99:99' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'br' },
  { 'content-type': 'text/html' },
  { location: 'https://elsewhere.example/' },
  { 'www-authenticate': `Bearer claims="${'e'.repeat(3_000)}"` },
  { 'www-authenticate': 'Bearer error="insufficient_claims", claims="e30="' },
  { 'x-ms-correlation-request-id': '[x](command:y)' },
  { 'azure-asyncoperation': 'https://elsewhere.example/?t=secret' },
];

/** Answers with a body as Azure would, or with something like it. */
export function answerOddly(random: Random, body: unknown, response: ServerResponse): void {
  let text = JSON.stringify(random.below(3) === 0 ? body : mutated(random, body));
  switch (random.below(14)) {
    case 0:
      text = text.slice(0, random.below(text.length));
      break;
    case 1:
      text = '['.repeat(random.below(200_000));
      break;
    case 2:
      text = `{"value":[${'{},'.repeat(random.below(100_000))}{}]}`;
      break;
    case 3:
      text = '<!DOCTYPE html><html><title>Sign in to the hotel</title></html>';
      break;
    case 4:
      text = `{"error":{"code":${JSON.stringify(pick(random, hostileTexts))},"message":${JSON.stringify(pick(random, hostileTexts))}}}`;
      break;
  }
  const status = pick(random, statuses);
  const bytes = Buffer.from(text);
  const how = random.below(12);
  if (how === 0) {
    response.destroy();
    return;
  }
  if (how === 1) {
    response.socket?.end('HTTP/9.9 nonsense\r\n\r\n');
    return;
  }
  if (how === 2) {
    return; // no answer at all
  }
  response.writeHead(status, { 'content-type': 'application/json', ...pick(random, headers) });
  if (how === 3) {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  } else {
    response.end(bytes);
  }
}

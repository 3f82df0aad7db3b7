/** One line of a printed JSON value. */
export interface JsonLine {
  readonly text: string;
  /** The JSON pointer of what the line shows, begins or ends. */
  readonly pointer: string;
}

/** Prints a JSON value as `JSON.stringify(value, null, 2)` does, with the place of each line in it. */
export function jsonLines(value: unknown): readonly JsonLine[] {
  const lines: JsonLine[] = [];
  addLines(lines, value, { pointer: '', indent: '', before: '', after: '' });
  return lines;
}

interface Place {
  readonly pointer: string;
  readonly indent: string;
  /** What stands before the value on its line: the indentation and the name. */
  readonly before: string;
  /** What stands behind it: the comma. */
  readonly after: string;
}

function addLines(lines: JsonLine[], value: unknown, { pointer, indent, before, after }: Place): void {
  const entries: readonly [string, unknown][] =
    typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) {
    lines.push({ pointer, text: `${before}${JSON.stringify(value)}${after}` });
    return;
  }
  const isList = Array.isArray(value);
  lines.push({ pointer, text: `${before}${isList ? '[' : '{'}` });
  entries.forEach(([key, item], index) => {
    const inner = `${indent}  `;
    addLines(lines, item, {
      pointer: pointerTo(pointer, key),
      indent: inner,
      before: isList ? inner : `${inner}${JSON.stringify(key)}: `,
      after: index < entries.length - 1 ? ',' : '',
    });
  });
  lines.push({ pointer, text: `${indent}${isList ? ']' : '}'}${after}` });
}

/** The JSON pointer of a field or item, given that of what it is in. */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

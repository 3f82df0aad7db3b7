import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** The text of a file of the project. */
export function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** A JSON file of the project, in the form that it is known to have. */
export function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}

/** The extension's own sources, by their paths in the project, with slashes on every system. */
export function sourceFiles(): readonly string[] {
  return globSync('src/**/*.ts', { cwd: root })
    .map((file) => file.replaceAll(path.sep, '/'))
    .toSorted();
}

import type { Memento } from 'vscode';

/** What VS Code keeps for an extension; windows share it. */
export function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    keys: () => [...values.keys()],
  } as Memento; // whose `get` is generic
}

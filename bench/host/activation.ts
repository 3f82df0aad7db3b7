import { createRequire } from 'node:module';
import path from 'node:path';
import type * as vscode from 'vscode';

export interface ActivationOptions {
  /** Copies of the built extension, and as many of the empty one: a copy that was never loaded is in no cache. */
  readonly extensions: readonly string[];
  readonly empties: readonly string[];
}

/** Times in milliseconds. */
export interface ActivationFigures {
  readonly ours: readonly number[];
  readonly empty: readonly number[];
  /** The names of the extension's files that were loaded. */
  readonly loaded: readonly string[];
}

/** Loads and activates the extension, and the empty one in turn with it. */
export async function measureActivation({
  extensions,
  empties,
}: ActivationOptions): Promise<ActivationFigures> {
  const ours: number[] = [];
  const empty: number[] = [];
  const loaded = new Set<string>();
  for (const [round, file] of extensions.entries()) {
    const other = empties[round] ?? '';
    for (const [main, times] of [
      [file, ours],
      [other, empty],
    ] as const) {
      times.push(await activationMs(main));
    }
    const files = Object.keys(createRequire(file).cache).filter(
      (name) => path.dirname(name) === path.dirname(file),
    );
    files.forEach((name) => loaded.add(path.basename(name)));
  }
  // The first of each also makes the API object that VS Code gives an extension.
  return { ours: ours.slice(1), empty: empty.slice(1), loaded: [...loaded] };
}

async function activationMs(main: string): Promise<number> {
  const subscriptions: vscode.Disposable[] = [];
  const state = {
    keys: () => [],
    get: (_key: string, fallback?: unknown) => fallback,
    update: () => Promise.resolve(),
  };
  // What activate() uses of it.
  const extension = { id: 'aci-tools.container-instances' };
  const context = { extension, subscriptions, globalState: state } as unknown as vscode.ExtensionContext;
  const load = createRequire(main);
  const startedAt = performance.now();
  const { activate } = load(main) as { activate: (context: vscode.ExtensionContext) => unknown }; // an extension's main
  await activate(context);
  const tookMs = performance.now() - startedAt;
  for (const disposable of subscriptions) {
    disposable.dispose();
  }
  return tookMs;
}

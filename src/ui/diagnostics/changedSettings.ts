import { fieldOf, itemsOf } from '../../base/json.ts';

/** What `inspect` tells of one setting. */
export interface Inspected {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/** A setting as the manifest declares it. */
export interface DeclaredSetting {
  readonly name: string;
  readonly choices: readonly unknown[];
}

/** The settings that an extension's manifest declares. */
export function declaredSettings(manifest: unknown): readonly DeclaredSetting[] {
  const sections = itemsOf(fieldOf(fieldOf(manifest, 'contributes'), 'configuration'));
  return sections.flatMap((section) =>
    Object.entries(Object(fieldOf(section, 'properties')) as Record<string, unknown>) // any object has entries
      .map(([name, property]) => ({ name, choices: itemsOf(fieldOf(property, 'enum')) })),
  );
}

/** A line for each place where a setting is changed. A free text may hold a secret: only that there is one is said. */
export function changedSetting({ name, choices }: DeclaredSetting, inspected: Inspected): readonly string[] {
  const places = [
    ['user', inspected.globalValue],
    ['workspace', inspected.workspaceValue],
    ['folder', inspected.workspaceFolderValue],
  ] as const;
  return places
    .filter(([, value]) => value !== undefined)
    .map(([place, value]) => `${name} (${place}): ${shown(value, choices)}`);
}

function shown(value: unknown, choices: readonly unknown[]): string {
  if (typeof value === 'boolean' || typeof value === 'number' || choices.includes(value)) {
    return String(value);
  }
  return Array.isArray(value) ? `${value.length} entries` : 'a value that is not shown';
}

/** The host and port of an address, and nothing else of it. */
export function hostOnly(address: unknown): string {
  return typeof address === 'string' && URL.canParse(address)
    ? new URL(address).host
    : 'a value that is not shown';
}

import * as vscode from 'vscode';
import { parseContainerGroupId, parseContainerId } from '../../azure/resourceIds.ts';
import type { ShellCommand } from '../../exec/remoteShell/commandSource.ts';

/** Why a task cannot run, in the user's words. */
export class TaskProblem extends Error {
  override readonly name = 'TaskProblem';
}

/** The container of a task: that of a name, or the only one of its group. */
export interface TaskContainer {
  readonly group:
    | { readonly kind: 'id'; readonly id: string }
    | { readonly kind: 'name'; readonly name: string; readonly resourceGroup: string | undefined };
  readonly container: string | undefined;
}

export interface TaskWork {
  readonly where: TaskContainer;
  readonly command: ShellCommand;
}

/** The longest text in a task, in characters: Linux takes no longer argument than 128 KB of UTF-8. */
const maxText = 32 * 1024;

/** The most environment variables of a task. */
const maxVariables = 256;

/**
 * What a task of `tasks.json` is to do. A file of the workspace may hold anything.
 * @throws {TaskProblem} for what is no such task.
 */
export function parseTaskDefinition(definition: Readonly<Record<string, unknown>>): TaskWork {
  const line = textOf(definition, 'command');
  if (line === undefined || line.trim() === '') {
    throw new TaskProblem(vscode.l10n.t('The task has no "{0}".', 'command'));
  }
  const cwd = textOf(definition, 'cwd');
  const env = variablesOf(definition['env']);
  return { where: containerOf(definition), command: { line, ...(cwd === undefined ? {} : { cwd }), env } };
}

function containerOf(definition: Readonly<Record<string, unknown>>): TaskContainer {
  const group = textOf(definition, 'group');
  const container = textOf(definition, 'container');
  const ofContainer = container === undefined ? undefined : placeOf(container);
  if (ofContainer !== undefined) {
    return ofContainer;
  }
  if (group === undefined) {
    throw new TaskProblem(
      vscode.l10n.t(
        'The task does not say in which container: "container" is its resource id, or "group" and "container" are names.',
      ),
    );
  }
  const resourceGroup = textOf(definition, 'resourceGroup');
  return {
    group:
      parseContainerGroupId(group) === undefined
        ? { kind: 'name', name: group, resourceGroup }
        : { kind: 'id', id: group },
    container,
  };
}

/** Where a resource id leads: a group's own is that of its only container, and nothing runs in an init container. */
function placeOf(id: string): TaskContainer | undefined {
  const parsed = parseContainerId(id);
  return parsed === undefined || parsed.isInit
    ? undefined
    : { group: { kind: 'id', id: parsed.groupId }, container: parsed.container };
}

function textOf(definition: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = definition[key];
  return value === undefined ? undefined : checkedText(value, key);
}

function variablesOf(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) {
    return {};
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  const isWrong = !isObject || entries.length > maxVariables;
  const wrongName = entries.find(([name]) => !/^[A-Za-z_]\w{0,255}$/.test(name));
  if (isWrong || wrongName !== undefined) {
    throw new TaskProblem(
      vscode.l10n.t('"{0}" of the task is not an object of environment variables.', 'env'),
    );
  }
  return Object.fromEntries(entries.map(([name, text]) => [name, checkedText(text, `env.${name}`)]));
}

function checkedText(value: unknown, key: string): string {
  if (typeof value !== 'string' || value.length > maxText || value.includes('\0')) {
    throw new TaskProblem(
      vscode.l10n.t('"{0}" of the task is not a text of at most {1} characters.', key, maxText),
    );
  }
  return value;
}

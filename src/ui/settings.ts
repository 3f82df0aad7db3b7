import * as vscode from 'vscode';
import { cloudFromSettings, type Cloud, type CustomEnvironment } from '../azure/clouds.ts';
import type { CredentialKind } from '../azure/credentialKind.ts';
import type { Arrangement, GroupBy, SortBy } from '../inventory/arrangement.ts';

function section(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('containerInstances');
}

/** The settings that say who asks which host: a workspace comes with a repository, which must not choose who gets a token. */
const userOnly = [
  'containerInstances.credential',
  'microsoft-sovereign-cloud.environment',
  'microsoft-sovereign-cloud.customEnvironment',
] as const;

/** The user's own value, whatever a workspace says; else the default. */
function userValue(name: (typeof userOnly)[number]): unknown {
  const found = vscode.workspace.getConfiguration().inspect(name);
  return found?.globalValue ?? found?.defaultValue;
}

/** The settings of a workspace that are not followed, as they say who asks which host. */
export function ignoredSettings(): readonly string[] {
  return userOnly.filter((name) => {
    const found = vscode.workspace.getConfiguration().inspect(name);
    return found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
  });
}

/** `containerInstances.credential`. */
export function credentialKind(): CredentialKind {
  const value = userValue('containerInstances.credential');
  return value === 'azureCli' || value === 'environment' || value === 'default' ? value : 'vscode';
}

/** `containerInstances.groupBy`, `.sortBy` and `.hideEmptySubscriptions`. */
export function arrangementSettings(): Omit<Arrangement, 'filter'> {
  const groupBy = section().get<string>('groupBy');
  const sortBy = section().get<string>('sortBy');
  return {
    groupBy: groupBy === 'resourceGroup' || groupBy === 'location' ? groupBy : 'subscription',
    sortBy: sortBy === 'resourceGroup' || sortBy === 'location' ? sortBy : 'name',
    hideEmpty: section().get<boolean>('hideEmptySubscriptions', true),
  };
}

export function setGroupBy(value: GroupBy): Promise<void> {
  return update('groupBy', value);
}

export function setSortBy(value: SortBy): Promise<void> {
  return update('sortBy', value);
}

export function setHideEmptySubscriptions(value: boolean): Promise<void> {
  return update('hideEmptySubscriptions', value);
}

/** Writes the workspace's value where it has one, else the user's. */
async function update(name: string, value: unknown): Promise<void> {
  const inWorkspace = section().inspect(name)?.workspaceValue !== undefined;
  const { Workspace, Global } = vscode.ConfigurationTarget;
  await section().update(name, value, inWorkspace ? Workspace : Global);
}

/** Whether a change of settings changes {@link arrangementSettings}. */
export function changesArrangement(event: vscode.ConfigurationChangeEvent): boolean {
  return ['groupBy', 'sortBy', 'hideEmptySubscriptions'].some((name) =>
    event.affectsConfiguration(`containerInstances.${name}`),
  );
}

/** The shells to try in turn in a container of the given `osType`. */
export function shells(osType: string): readonly string[] {
  const values = section().get<unknown>(osType === 'Windows' ? 'exec.windowsShells' : 'exec.linuxShells');
  return Array.isArray(values)
    ? values.filter((value): value is string => typeof value === 'string' && value.trim() !== '')
    : [];
}

/** A setting that is no number, as `settings.json` may hold anything, is as if it were not there. */
function numberOr(fallback: number, value: unknown, least: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(least, value) : fallback;
}

/** `containerInstances.exec.connectTimeoutSeconds`. */
export function connectTimeoutSeconds(): number {
  return numberOr(60, section().get('exec.connectTimeoutSeconds'), 1);
}

/** `containerInstances.exec.keepAliveSeconds`; 0 is off. */
export function keepAliveSeconds(): number {
  return numberOr(30, section().get('exec.keepAliveSeconds'), 0);
}

/** `containerInstances.exec.liveResize`. */
export function liveResize(): boolean {
  return section().get<boolean>('exec.liveResize', true);
}

/** `containerInstances.exec.shellIntegration`, where VS Code's own setting does not turn it off for all terminals. */
export function shellIntegration(): boolean {
  const vsCode = vscode.workspace
    .getConfiguration('terminal.integrated')
    .get<boolean>('shellIntegration.enabled', true);
  return vsCode && section().get<boolean>('exec.shellIntegration', true);
}

/** `containerInstances.exec.location`: where terminals open, those of Follow Logs too. */
export function execLocation(): vscode.TerminalLocation {
  return section().get<string>('exec.location') === 'editor'
    ? vscode.TerminalLocation.Editor
    : vscode.TerminalLocation.Panel;
}

/** `containerInstances.logs.transport`: whether the websocket of attach tells when there is news. */
export function logsAttach(): boolean {
  return section().get<string>('logs.transport') === 'attach';
}

/** VS Code's own `terminal.integrated.scrollback`: how many lines a terminal keeps above its screen. */
export function scrollback(): number {
  return numberOr(1_000, vscode.workspace.getConfiguration('terminal.integrated').get('scrollback'), 0);
}

/** VS Code's own `terminal.integrated.tabStopWidth`, in columns. */
export function tabStopWidth(): number {
  const width: unknown = vscode.workspace.getConfiguration('terminal.integrated').get('tabStopWidth');
  return Math.trunc(numberOr(8, width, 1));
}

/**
 * The cloud of VS Code's own sovereign cloud settings.
 * @throws {CloudSettingError} when they cannot be used.
 */
export function cloud(): Cloud {
  const environment = userValue('microsoft-sovereign-cloud.environment');
  return cloudFromSettings(
    typeof environment === 'string' ? environment : undefined,
    userValue('microsoft-sovereign-cloud.customEnvironment') as CustomEnvironment | undefined, // its fields are checked
  );
}

/** VS Code has one authentication provider for the public cloud and one for all others. */
export function authenticationProviderId(): string {
  return userValue('microsoft-sovereign-cloud.environment') ? 'microsoft-sovereign-cloud' : 'microsoft';
}

/** Whether a change of settings means another account or cloud. */
export function changesAccount(event: vscode.ConfigurationChangeEvent): boolean {
  return (
    event.affectsConfiguration('containerInstances.credential') ||
    event.affectsConfiguration('microsoft-sovereign-cloud')
  );
}

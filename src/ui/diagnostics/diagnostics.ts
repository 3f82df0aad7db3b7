import os from 'node:os';
import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { reach } from '../../azure/reachability.ts';
import type { Log } from '../log.ts';
import { authenticationProviderId, cloud, credentialKind } from '../settings.ts';
import type { ExecTerminals } from '../terminal/execTerminals.ts';
import { anonymous } from './anonymous.ts';
import { changedSetting, declaredSettings, hostOnly } from './changedSettings.ts';

export interface DiagnosticsServices {
  readonly azure: () => Promise<Pick<AzureClient, 'accounts'>>;
  readonly extension: vscode.Extension<unknown>;
  readonly log: Log;
  readonly terminals: ExecTerminals;
}

/** What helps to find a fault, as Markdown in English: no secret, no name of a resource or an account. */
export async function diagnostics(services: DiagnosticsServices, signal: AbortSignal): Promise<string> {
  const [accounts, hosts] = await Promise.all([countAccounts(services), reachability(services, signal)]);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Versions', versions(services.extension)],
    ['Sign-in', [`credential: ${credentialKind()}`, `accounts: ${accounts}`]],
    ['Changed settings', settings(services.extension)],
    ['Network', hosts],
  ];
  return [
    '# Container Instances for Azure: diagnostics',
    ...sections.map(([title, lines]) =>
      [`## ${title}`, lines.length === 0 ? 'none' : lines.map((line) => `- ${line}`).join('\n')].join('\n\n'),
    ),
    ['## Log', ['````text', ...anonymous(services.log.recent, os.homedir()), '````'].join('\n')].join('\n\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function versions(extension: vscode.Extension<unknown>): readonly string[] {
  const { version } = extension.packageJSON as { readonly version: string }; // VS Code needs one to load it
  const { env } = vscode;
  return [
    `extension ${version}, ${extension.extensionKind === vscode.ExtensionKind.UI ? 'ui' : 'workspace'}`,
    `VS Code ${vscode.version}, ${env.appHost}, remote: ${env.remoteName ?? 'none'}, language ${env.language}`,
    `Node ${process.versions.node}, ${process.platform} ${os.release()}, ${process.arch}`,
  ];
}

/** Never rejects: why there is no account is in the log. */
async function countAccounts({ azure, log }: DiagnosticsServices): Promise<string> {
  try {
    return String((await azure()).accounts.length);
  } catch (error) {
    log.warn('Diagnostics: no account', error);
    return 'none, as the log tells';
  }
}

function settings(extension: vscode.Extension<unknown>): readonly string[] {
  const configuration = vscode.workspace.getConfiguration();
  const ours = declaredSettings(extension.packageJSON).flatMap((setting) =>
    changedSetting(setting, configuration.inspect(setting.name) ?? {}),
  );
  const isSovereign = authenticationProviderId() === 'microsoft-sovereign-cloud';
  const proxy = configuration.get<string>('http.proxy');
  return [
    ...ours,
    ...(isSovereign ? ['microsoft-sovereign-cloud: set; its hosts are under Network'] : []),
    ...(proxy === undefined || proxy === '' ? [] : [`http.proxy: ${hostOnly(proxy)}`]),
  ];
}

function reachability({ terminals, log }: DiagnosticsServices, signal: AbortSignal) {
  const exec = terminals.lastHost === undefined ? [] : [`https://${terminals.lastHost}`];
  const origins = new Set([...cloudAddresses(log), ...exec].map((address) => new URL(address).origin));
  return Promise.all(
    [...origins].map(async (origin) => {
      const { hostname, port } = new URL(origin);
      return `${hostname}:${port === '' ? '443' : port}: ${await reach(origin, signal)}`;
    }),
  );
}

function cloudAddresses(log: Log): readonly string[] {
  try {
    const { resourceManagerEndpoint, activeDirectoryEndpoint } = cloud();
    return [resourceManagerEndpoint, activeDirectoryEndpoint];
  } catch (error) {
    log.warn('Diagnostics: no cloud', error);
    return [];
  }
}

import { globSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { roleWith } from '../../src/azure/roles.ts';
import { readJson, readText, root } from './project.ts';

interface Setting {
  readonly default: unknown;
  readonly markdownDescription: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
}

/** What each action is asked for; a new one has to be named here. */
const purposes: Readonly<Record<string, string>> = {
  'Microsoft.Resources/tenants/read': 'tenants of an account',
  'Microsoft.Resources/subscriptions/read': 'subscriptions',
  'Microsoft.ResourceGraph/resources/read': 'container groups of all subscriptions in a few requests',
  'Microsoft.Resources/subscriptions/resources/read':
    'container groups, where Resource Graph gives no answer',
  'Microsoft.ContainerInstance/containerGroups/read': 'states, events and properties',
  'Microsoft.Insights/metrics/read': 'CPU and memory in the hover',
  'Microsoft.ContainerInstance/containerGroups/containers/logs/read': 'View Logs, Follow Logs, Explain State',
  'Microsoft.ContainerInstance/containerGroups/containers/attach/action': 'Follow Logs by `attach`',
  'Microsoft.ContainerInstance/containerGroups/containers/exec/action':
    'Exec, Run Command, tasks, live resize, files, ports',
  'Microsoft.ContainerInstance/containerGroups/start/action': 'Start',
  'Microsoft.ContainerInstance/containerGroups/stop/action': 'Stop',
  'Microsoft.ContainerInstance/containerGroups/restart/action': 'Restart',
  'Microsoft.ContainerInstance/containerGroups/delete': 'Delete',
  'Microsoft.ContainerInstance/locations/operations/read': 'the end of Start, Restart and Delete',
};

/** The README with its tables of permissions and settings as the sources and the manifest have them. */
export async function withTables(readme: string): Promise<string> {
  const tables = { permissions: permissionsTable(), settings: settingsTable() };
  let text = readme;
  for (const [name, table] of Object.entries(tables)) {
    const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) {
      throw new Error(`the README has no place for the ${name}: it needs ${start} and ${end}`);
    }
    text = `${text.slice(0, from)}${start}\n\n${table.join('\n')}\n\n${text.slice(to)}`;
  }
  return format(text, { ...(await resolveConfig(`${root}/README.md`)), parser: 'markdown' });
}

function permissionsTable(): readonly string[] {
  const used = usedActions();
  const unnamed = [...used].filter((action) => purposes[action] === undefined);
  const unused = Object.keys(purposes).filter((action) => !used.has(action));
  if (unnamed.length > 0 || unused.length > 0) {
    throw new Error(`actions without a purpose: ${unnamed.join()}; purposes of no action: ${unused.join()}`);
  }
  const rows = Object.entries(purposes).map(([action, purpose]) => [
    `\`${action}\``,
    purpose,
    roleWith(action),
  ]);
  return lines([['action', 'for', 'role'], ...rows]);
}

/** The actions that the sources name where they ask Azure for something. */
function usedActions(): ReadonlySet<string> {
  const sources = globSync('src/azure/resourceManager/*.ts', { cwd: root }).map(readText).join('\n');
  const type = /const containerGroupType = '([^']+)'/.exec(sources)?.[1] ?? '';
  const named = sources.replaceAll('${containerGroupType}', type);
  const found = named.matchAll(/['`](Microsoft\.[\w./]+\/(?:read|write|delete|action))['`]/g);
  return new Set([...found].map(([, action = '']) => action));
}

function settingsTable(): readonly string[] {
  const texts = readJson('package.nls.json') as Readonly<Record<string, string>>;
  // its schema is VS Code's
  const { contributes } = readJson('package.json') as {
    readonly contributes: {
      readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
    };
  };
  const textOf = (placeholder: string) => (texts[placeholder.slice(1, -1)] ?? '').replaceAll('|', '\\|');
  const rows = contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([name, setting]) => {
      const values = (setting.enum ?? []).map(
        (value, index) =>
          `\`${value}\`: ${textOf((setting.markdownEnumDescriptions ?? setting.enumDescriptions)?.[index] ?? '')}`,
      );
      const meaning = [textOf(setting.markdownDescription), ...values].join('<br>');
      return [`\`${name}\``, `\`${JSON.stringify(setting.default)}\``, meaning];
    }),
  );
  return lines([['setting', 'default', 'meaning'], ...rows]);
}

function lines([head = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

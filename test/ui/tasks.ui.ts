import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../emulator/scenario.ts';
import { expect, test } from './workbench.ts';

const subscription = '11111111-0001-4000-8000-000000000001';
const place = { resourceGroup: 'rg-shop', location: 'westeurope' };
const ended = {
  state: 'Terminated',
  startTime: '2025-11-01T10:00:00Z',
  finishTime: '2025-11-01T11:00:00Z',
  exitCode: 0,
  detailStatus: 'Completed',
};

const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId: subscription,
      displayName: 'Contoso Production',
      groups: [
        {
          ...place,
          name: 'shop',
          containers: [
            { name: 'web', image: 'contoso/web', root: 'debian' },
            { name: 'worker', image: 'alpine:3', root: 'alpine' },
          ],
        },
        { ...place, name: 'twin', containers: [{ name: 'a', image: 'contoso/a', root: 'debian' }] },
        {
          ...place,
          resourceGroup: 'rg-other',
          name: 'twin',
          containers: [{ name: 'a', image: 'contoso/a', root: 'debian' }],
        },
        { ...place, name: 'legacy', osType: 'Windows', containers: [{ name: 'iis', image: 'contoso/iis' }] },
        {
          ...place,
          name: 'done',
          containers: [{ name: 'job', image: 'contoso/job', currentState: ended }],
        },
      ],
    },
  ],
};

const groupId = (name: string) =>
  `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/${name}`;

const task = (label: string, more: object) => ({
  label,
  type: 'containerInstances',
  problemMatcher: [],
  presentation: { echo: false },
  ...more,
});

/** Tasks that cannot run, by their names, and what each says. */
const wrong = {
  'no such group': [{ group: 'shopping' }, 'There is no container group "shopping"'],
  'no such container': [
    { group: 'shop', container: 'db' },
    'The container group "shop" has no container "db".',
  ],
  'no container named': [
    { group: 'shop' },
    'has several containers. Set "container" of the task to one of: web',
  ],
  'two groups': [{ group: 'twin' }, 'There are 2 container groups "twin".'],
  windows: [{ group: 'legacy' }, 'This is not there for Windows containers.'],
  'not running': [{ group: 'done' }, 'Container "job" is not running'],
  nowhere: [{}, 'The task does not say in which container'],
  'hostile cwd': [{ group: 'shop', container: 'web', cwd: ['/'] }, '"cwd" of the task is not a text'],
  'hostile env': [
    { group: 'shop', container: 'web', env: { 'A;B': 'x' } },
    '"env" of the task is not an object',
  ],
} as const;

const tasks = [
  task('prepare', {
    container: `${groupId('shop')}/containers/web`,
    command: 'echo "prepared by $WHO" >note; sleep 0.2; cp note order',
    cwd: '/tmp',
    env: { WHO: `o'neill "\${workspaceFolderBasename}"` },
  }),
  task('compile', {
    group: 'shop',
    container: 'web',
    command: 'cat order; echo "src/main.c:2:5: error: no semicolon" >&2; exit 3',
    cwd: '/tmp',
    dependsOn: 'prepare',
    problemMatcher: {
      owner: 'compile',
      fileLocation: ['relative', '${workspaceFolder}'],
      pattern: {
        regexp: String.raw`^(.*):(\d+):(\d+): (error|warning): (.*)$`,
        ...{ file: 1, line: 2, column: 3, severity: 4, message: 5 },
      },
    },
  }),
  task('package', {
    group: 'SHOP',
    container: 'web',
    command: 'echo built >/tmp/built',
    dependsOn: 'compile',
  }),
  ...Object.entries(wrong).map(([label, [where]]) => task(label, { ...where, command: 'true' })),
];

test.use({
  scenario,
  files: {
    '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks }),
    'src/main.c': 'int main() {\n  return 0\n}\n',
  },
});

test('tasks run in order in containers; one that fails marks a file and fails its build', async ({
  workbench,
  azure,
}) => {
  const { page, terminal } = workbench;
  const runTask = async (name: string) => {
    await expect(async () => {
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input:visible').first().fill(`task ${name}`);
      await page.getByRole('option', { name }).first().click({ timeout: 10_000 });
    }).toPass();
  };
  await runTask('package');
  await expect(terminal).toContainText(/prepared by o'neill "folder-/);
  await expect(terminal.locator('.xterm-fg-1')).toContainText('src/main.c:2:5: error: no semicolon');
  await expect(terminal).toContainText('exit code: 3');
  await workbench.runCommand('Problems: Focus on Problems View');
  await expect(page.getByRole('treeitem', { name: /main\.c/ })).toBeVisible();
  await expect(page.getByRole('treeitem', { name: /no semicolon/ })).toBeVisible();
  const root = azure.rootOf(groupId('shop'), 'web') ?? '';
  expect(readFileSync(path.join(root, 'tmp/order'), 'utf8')).toContain('prepared');
  expect(existsSync(path.join(root, 'tmp/built'))).toBe(false);

  for (const [name, [, message]] of Object.entries(wrong)) {
    await runTask(name);
    await expect(terminal).toContainText(message);
    await expect(terminal).toContainText('exit code: 255');
  }
});

import { hostileWorkspace, visits } from './hostileWorkspace.ts';
import { expect, test } from './workbench.ts';

/** A task that would run when the folder is opened. */
const task = {
  label: 'chosen by the workspace',
  type: 'containerInstances',
  group: 'shop-web',
  command: 'echo chosen',
  credential: 'azureCli',
  problemMatcher: [],
  runOptions: { runOn: 'folderOpen' },
};

test.use({
  files: {
    ...hostileWorkspace,
    '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks: [task] }),
    '.vscode/settings.json': JSON.stringify({
      ...(JSON.parse(hostileWorkspace['.vscode/settings.json']) as object),
      'task.allowAutomaticTasks': 'on',
    }),
  },
  isRestricted: true,
});

test('a workspace in Restricted Mode chooses no cloud, no credential and no command, and runs no task', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  await expect(page.getByText('Restricted Mode', { exact: true }).first()).toBeVisible();
  await workbench.openView();
  const row = workbench.row(/^Container group shop-web, Running/);
  await expect(row).toBeVisible();
  await workbench.contextMenu(row, 'Exec');
  // VS Code itself asks; the terminal that the user wants opens all the same, with the user's own command.
  const question = page.getByText('Do you trust the authors of the files in this folder?');
  await expect(question).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(workbench.terminal).toContainText('SandboxHost');
  await workbench.runCommand('Tasks: Run Task');
  await expect(question).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  await expect(async () => {
    await workbench.type('echo $((6*7))'); // the dialog may still hold the focus
    await expect(workbench.terminal).toContainText('42', { timeout: 6_000 });
  }).toPass();
  await expect(workbench.terminal).not.toContainText('chosen');
  expect(azure.requests.filter(({ operation }) => operation === 'exec')).toHaveLength(1);
  expect(visits()).toBe(0);
});

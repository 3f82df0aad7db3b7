import { hostileWorkspace, visits } from './hostileWorkspace.ts';
import { expect, test } from './workbench.ts';

test.use({ files: hostileWorkspace, isRestricted: true });

test('a workspace in Restricted Mode chooses no cloud, no credential and no command', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  await expect(page.getByText('Restricted Mode', { exact: true }).first()).toBeVisible();
  await workbench.openView();
  const row = workbench.row(/^Container group shop-web, Running/);
  await expect(row).toBeVisible();
  await workbench.contextMenu(row, 'Exec');
  // VS Code itself opens no terminal of any kind before somebody trusts the folder.
  await expect(page.getByText('Do you trust the authors of the files in this folder?')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(azure.requests.filter(({ operation }) => operation === 'exec')).toEqual([]);
  expect(visits()).toBe(0);
});

import { hostileWorkspace, visits } from './hostileWorkspace.ts';
import { expect, test } from './workbench.ts';

test.use({ files: hostileWorkspace, isRestricted: true });

test('a workspace in Restricted Mode chooses no cloud, no credential and no command', async ({
  workbench,
  azure,
}) => {
  await expect(workbench.page.getByText('Restricted Mode', { exact: true }).first()).toBeVisible();
  await workbench.openView();
  const row = workbench.row(/^Container group shop-web, Running/);
  await expect(row).toBeVisible();
  await workbench.contextMenu(row, 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
  await expect(workbench.terminal).not.toContainText('chosen-by-the-workspace');
  expect(azure.openSessions).toBeGreaterThan(0);
  expect(visits()).toBe(0);
});

import { expect, test } from './workbench.ts';

test('Enter and a double click on a running container open it; a single click does not', async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.openView();
  const group = workbench.row(/^Container group shop-web, Running/);
  await workbench.expand(group);
  const row = workbench.row(/^Container shop-web, Running/);
  await row.click();
  await expect(row).toHaveAttribute('aria-selected', 'true');

  await row.dblclick();
  await expect(workbench.terminal).toContainText('SandboxHost');
  await expect(page.getByText('shop-web (shop-web)').first()).toBeVisible();

  await row.click();
  await page.keyboard.press('Enter');
  await expect(workbench.tabs.filter({ hasText: 'shop-web 2 (shop-web)' })).toBeVisible();
  await expect(workbench.terminal).toContainText('SandboxHost');

  // On other rows Enter does what it does in any tree.
  await group.click();
  await expect(group).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Enter');
  await expect(group).toHaveAttribute('aria-expanded', 'true');
  await workbench.expand(workbench.row(/^Container group nightly-report, Succeeded/));
  await workbench.row(/^Container nightly-report, Terminated/).click();
  await page.keyboard.press('Enter');
  await row.click();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(workbench.tabs).toHaveCount(2);
});

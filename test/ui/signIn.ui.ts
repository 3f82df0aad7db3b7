import { expect, test } from './workbench.ts';

test.use({ credential: 'vscode' });

test('signed out: a welcome view; signing in with the Microsoft account fills the tree', async ({
  workbench,
}) => {
  await workbench.openView();
  await workbench.page.getByRole('button', { name: 'Sign In to Azure' }).click();
  await workbench.page.getByRole('button', { name: 'Allow' }).click();
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
});

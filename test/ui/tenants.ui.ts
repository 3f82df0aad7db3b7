import { defaultScenario, readScenario } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from './workbench.ts';

const guestIn = 30;
const tenants = Array.from({ length: guestIn }, (_, index) => ({
  tenantId: `guest-${index}-own-sign-in`,
  displayName: `Guest ${String(index).padStart(2, '0')}`,
  members: ['anna'],
}));

test.use({ credential: 'vscode', scenario: { ...readScenario(defaultScenario), tenants } });

async function signIn({ page }: Workbench): Promise<void> {
  await page.getByRole('button', { name: 'Sign In to Azure' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
}

test('a guest in thirty tenants has one row for them, which unfolds; Select Tenants… hides those for good', async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.openView();
  await signIn(workbench);
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  const all = workbench.row(/^30 more tenants, need a sign-in of their own/);
  await expect(all).toBeVisible();
  await expect(workbench.row(/^Tenant Guest/)).toHaveCount(0);
  await workbench.expand(all);
  await expect(workbench.row(/^Tenant Guest 00, needs a sign-in of its own/)).toBeVisible();
  await all.click();

  await workbench.runCommand('Container Instances: Select Tenants…');
  const option = page.getByRole('checkbox', { name: /^Guest 07/ }).first();
  await expect(option).toBeVisible();
  await page.getByRole('checkbox', { name: 'Toggle all checkboxes' }).click(); // all are checked: now none is
  await option.click();
  await page.getByRole('button', { name: 'OK' }).click();
  await expect(all).toHaveCount(0);
  await expect(workbench.row(/^Tenant Guest 07, needs a sign-in of its own/)).toBeVisible();

  await page.reload(); // which signs the stand-in account out
  await workbench.openView();
  await signIn(workbench);
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  await expect(workbench.row(/^Tenant Guest 07, needs a sign-in of its own/)).toBeVisible();
  await expect(workbench.row(/more tenants/)).toHaveCount(0);
});

import { expect, test, type Workbench } from './workbench.ts';

test.use({ goesOn: true });

/** The prompt is there, text comes back as typed, and the shell's size is the terminal's own. */
async function expectRealShell(workbench: Workbench): Promise<void> {
  await expect(workbench.terminal).toContainText('SandboxHost');
  await workbench.type('clear; echo héllo 你好 🚀');
  await expect(workbench.terminal).toContainText(/^héllo 你好 🚀/);
  await workbench.expectOwnSize();
}

test('the tree shows the default scenario, with states; Exec on the finished job explains itself and starts nothing', async ({
  workbench,
  azure,
}) => {
  await workbench.openView();
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  await expect(workbench.row(/^Subscription Contoso Development/)).toBeVisible();
  await expect(
    workbench.row(/^Container group shop-web, Running, resource group rg-shop, westeurope/),
  ).toBeVisible();
  await expect(workbench.row(/^Container group nightly-report, Succeeded/)).toBeVisible();
  await expect(workbench.row(/^Container group sandbox, Stopped/)).toBeVisible();
  await expect(workbench.row(/^Container group cache, Running/)).toHaveCount(2);
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await expect(workbench.row(/^Init container migrate-db, Terminated, exit code 0/)).toBeVisible();
  for (const name of ['api', 'envoy', 'log-shipper']) {
    await expect(workbench.row(new RegExp(`^Container ${name}, Running`))).toBeVisible();
  }

  await workbench.contextMenu(workbench.row(/^Container group nightly-report, Succeeded/), 'Exec');
  await expect(
    workbench.page.getByText(
      /Container "nightly-report" is not running: Terminated, exit code 0, finished .*2026/,
    ),
  ).toBeVisible();
  expect(azure.requests.filter(({ operation }) => operation === 'get').length).toBeGreaterThan(0);
  expect(azure.requests.filter(({ operation }) => operation === 'exec')).toEqual([]);
});

test('Exec from the context menu, and by the inline icon, opens a real shell of the right size', async ({
  workbench,
}) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await workbench.contextMenu(workbench.row(/^Container api, Running/), 'Exec');
  await expectRealShell(workbench);

  const row = workbench.row(/^Container envoy, Running/);
  await row.hover();
  await row.getByRole('button', { name: 'Exec' }).click();
  await expect(workbench.tabs).toHaveCount(2);
  await expect(workbench.terminal).not.toContainText('héllo');
  await expectRealShell(workbench);
});

test('Exec on a group of several containers asks which; the palette offers the most recently used first', async ({
  workbench,
}) => {
  await workbench.openView();
  await workbench.contextMenu(workbench.row(/^Container group orders-api, Running/), 'Exec');
  await workbench.page.getByRole('option', { name: /^envoy/ }).click();
  await expect(workbench.terminal).toContainText('SandboxHost');
  await expect(workbench.page.getByText('envoy (orders-api)').first()).toBeVisible();

  await workbench.runCommand('Container Instances: Exec');
  const pick = workbench.page.getByRole('option', { name: /shop-web/ });
  await expect(pick).toBeVisible();
  await expect(workbench.page.getByRole('option', { name: /nightly-report/ })).toHaveCount(0);
  await expect(workbench.page.getByRole('option').first()).toHaveAccessibleName(/^envoy/);
  await pick.click();
  await expect(workbench.tabs).toHaveCount(2);
  await expect(workbench.terminal).toContainText('SandboxHost');
});

test('Exec with Command… runs a command line as it is typed', async ({ workbench }) => {
  await workbench.openView();
  await workbench.contextMenu(workbench.row(/^Container group shop-web, Running/), 'Exec with Command…');
  const input = workbench.page.locator('.quick-input-widget input[type=text]');
  await input.fill('sh -c "ls -l"');
  await expect(workbench.page.getByText('Azure knows no quoting')).toBeVisible();
  await input.fill('/bin/echo 50% 1+1');
  await input.press('Enter');
  await expect(workbench.terminal).toContainText('50% 1+1');
  await expect(workbench.terminal).toContainText('Session ended. Press Enter to start a new session.');
});

import { expect, test } from './workbench.ts';

const production = '11111111-0001-4000-8000-000000000001';

test('a throttled subscription says until when, its neighbours are there, and Refresh mends it', async ({
  workbench,
  azure,
}) => {
  const status = { kind: 'status', status: 403, code: 'AccessDenied', message: 'no' } as const;
  azure.addFault({ operation: 'resourceGraph', times: 'always', ...status });
  azure.addFault({ operation: 'resources', path: production, kind: 'throttle', retryAfterSeconds: 300 });
  await workbench.openView();
  await expect(workbench.row(/^Subscription Contoso Production, throttled until/)).toBeVisible();
  await expect(workbench.row(/^Container group cache, Running/)).toHaveCount(2);
  await workbench.runCommand('Container Instances: Refresh');
  await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
  await expect(workbench.row(/throttled until/)).toHaveCount(0);
});

test('a filter leaves what matches; Refresh of an unchanged world redraws no row: one that is selected stays', async ({
  workbench,
  azure,
}) => {
  await workbench.openView();
  const row = workbench.row(/^Container group shop-web, Running/);
  await expect(row).toBeVisible();
  await workbench.runCommand('Container Instances: Filter Container Groups…');
  await workbench.page.locator('.quick-input-widget input[type=text]').fill('orders');
  await workbench.page.keyboard.press('Enter');
  await expect(workbench.row(/^Container group shop-web/)).toHaveCount(0);
  await expect(workbench.row(/^Container group orders-api/)).toBeVisible();
  await workbench.runCommand('Container Instances: Clear Filter');
  await expect(workbench.row(/^Container group shop-web/)).toBeVisible();

  await row.click();
  const before = azure.requests.filter(({ operation }) => operation === 'resourceGraph').length;
  await workbench.runCommand('Container Instances: Refresh');
  await expect
    .poll(() => azure.requests.filter(({ operation }) => operation === 'resourceGraph').length)
    .toBe(before + 1);
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await workbench.contextMenu(row, 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
});

test('Select Subscriptions… shows only those with a check mark, and asks Azure for no others', async ({
  workbench,
  azure,
}) => {
  await workbench.openView();
  await expect(workbench.row(/^Container group shop-web/)).toBeVisible();
  await workbench.runCommand('Container Instances: Select Subscriptions…');
  await workbench.page
    .getByRole('checkbox', { name: /^Contoso Production/ })
    .first()
    .click();
  await workbench.page.getByRole('button', { name: 'OK' }).click();
  await expect(workbench.row(/^Subscription Contoso Production/)).toHaveCount(0);
  await expect(workbench.row(/^Subscription Contoso Development/)).toBeVisible();
  expect(azure.requests.filter(({ operation }) => operation === 'resourceGraph')).toHaveLength(2);
  // Remembered for the next time, once VS Code has written it down.
  await expect.poll(() => workbench.stored()).toContain('subscriptions https://');
  await workbench.page.reload();
  await workbench.openView();
  await expect(workbench.row(/^Container group cache/).first()).toBeVisible();
  await expect(workbench.row(/^Subscription Contoso Production/)).toHaveCount(0);
});

const empty = [
  {
    atFirst: {
      fault: { operation: 'subscriptions', kind: 'reset', times: 'always' },
      text: /Cannot reach 127\.0\.0\.1:\d+ \(ECONNRESET\)\. Check the network, the proxy and DNS/,
    },
    later: {
      state: 'no subscriptions',
      fault: { operation: 'subscriptions', kind: 'fields', fields: { value: [] } },
      text: /This account has no Azure subscription/,
    },
  },
  {
    atFirst: {
      fault: { operation: 'subscriptions', kind: 'status', status: 400, code: 'Odd', message: 'Not today.' },
      text: /Azure answered Odd: Not today\./,
    },
    later: {
      state: 'no container groups',
      fault: { operation: 'resourceGraph', kind: 'fields', fields: { data: [] } },
      text: /no container groups yet\. Create one with/,
    },
  },
] as const;
for (const { atFirst, later } of empty) {
  test(`${atFirst.fault.kind}, then ${later.state}: the empty view says so, and Refresh in it asks again`, async ({
    workbench,
    azure,
  }) => {
    const expectAndRefresh = async (text: RegExp) => {
      await expect(workbench.page.getByText(text)).toBeVisible();
      azure.clearFaults();
      const welcome = workbench.page.locator('.welcome-view').getByRole('button', { name: 'Refresh' });
      await welcome.or(workbench.row(/^Refresh/)).click();
      await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
    };
    azure.addFault(atFirst.fault);
    await workbench.openView();
    await expectAndRefresh(atFirst.text);
    azure.addFault(later.fault);
    await workbench.runCommand('Container Instances: Refresh');
    await expectAndRefresh(later.text);
  });
}

import { defaultScenario, readScenario, type Scenario } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from './workbench.ts';

const contoso = readScenario(defaultScenario);
const further = [
  { tenantId: 'fabrikam', displayName: 'Fabrikam', member: 'anna', subscription: 'Fabrikam Retail' },
  { tenantId: 'adventure-own-sign-in', displayName: 'Adventure', member: 'anna', subscription: 'Bikes' },
  { tenantId: 'northwind', displayName: 'Northwind', member: 'bea', subscription: 'Northwind Trading' },
];
const scenario: Scenario = {
  ...contoso,
  tenants: further.map(({ tenantId, displayName, member }) => ({ tenantId, displayName, members: [member] })),
  subscriptions: [
    ...contoso.subscriptions,
    ...further.map(({ tenantId, subscription }, index) => ({
      subscriptionId: `33333333-0000-4000-8000-00000000000${index}`,
      displayName: subscription,
      tenantId,
      groups: [
        {
          name: `group-of-${tenantId}`,
          resourceGroup: 'rg',
          location: 'westeurope',
          containers: [{ name: 'app', image: 'app:1' }],
        },
      ],
    })),
  ],
};

test.use({ credential: 'vscode', scenario });

async function signIn({ page }: Workbench): Promise<void> {
  await page.getByRole('button', { name: 'Sign In to Azure' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
}

test('signed out: a welcome view; accounts and tenants come and go, each with one listing', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  /** How often an account was asked for its tenants: a listing begins with it. */
  const listings = () => azure.requests.filter(({ operation }) => operation === 'tenants').length;
  await workbench.openView();
  await expect(page.getByRole('button', { name: 'Sign In to Azure' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'choose a credential' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'documentation' })).toBeVisible();
  expect(azure.requests).toHaveLength(0);

  await signIn(workbench);
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  await expect(workbench.row(/^Subscription Fabrikam Retail/)).toBeVisible();
  const adventure = workbench.row(/^Tenant Adventure, needs a sign-in of its own/);
  await expect(adventure).toBeVisible();
  expect(listings()).toBe(1);

  // Azure's tokens are renewed every hour, and VS Code raises its event.
  for (let renewals = 0; renewals < 3; renewals++) {
    await workbench.runCommand('Stand-in: Renew Tokens');
  }
  await expect(workbench.row(/^Container group group-of-fabrikam, Running/)).toBeVisible();
  expect(listings()).toBe(1);

  await adventure.click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(workbench.row(/^Subscription Bikes/)).toBeVisible();
  await expect(adventure).toHaveCount(0);
  await expect(workbench.row(/^Container group group-of-fabrikam, Running/)).toBeVisible();
  expect(listings()).toBe(2);

  await workbench.runCommand('Container Instances: Sign In with Another Account…');
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('option', { name: /another account/i }).click();
  await expect(workbench.row(/^Subscription Northwind Trading/)).toBeVisible();
  await expect(workbench.row(/^Subscription Contoso Production/)).toHaveCount(1);
  await expect(workbench.row(/^Subscription Bikes/)).toBeVisible();
  expect(listings()).toBe(4);

  await workbench.runCommand('Stand-in: Sign Out the Last Account');
  await expect(workbench.row(/^Subscription Northwind Trading/)).toHaveCount(0);
  await expect(workbench.row(/^Subscription Fabrikam Retail/)).toBeVisible();
  await expect(workbench.row(/^Subscription Bikes/)).toBeVisible();
  expect(listings()).toBe(5);

  await workbench.runCommand('Stand-in: Sign Out the Last Account');
  await expect(page.getByRole('button', { name: 'Sign In to Azure' })).toBeVisible();
  await expect(workbench.row(/^Subscription/)).toHaveCount(0);
  expect(listings()).toBe(5);
});

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

test('step-up: the account is asked once with the challenge of Azure, and the tree fills', async ({
  workbench,
  azure,
  accountCalls,
}) => {
  azure.addFault({ operation: 'subscriptions', kind: 'challenge', claims });
  await workbench.openView();
  await signIn(workbench);
  await workbench.page.getByRole('button', { name: 'Allow' }).click();
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  await expect(workbench.row(/^Subscription Fabrikam Retail/)).toBeVisible();
  const challenged = (await accountCalls()).filter(({ call }) => call === 'createSessionFromChallenges');
  expect(challenged).toEqual([{ call: 'createSessionFromChallenges', claims, account: 'anna' }]);
});

test('a step-up that is refused is one row with the reason; a click on it asks again', async ({
  workbench,
  azure,
}) => {
  const own = { operation: 'subscriptions', kind: 'challenge', claims } as const;
  azure.addFault(own);
  await workbench.openView();
  await signIn(workbench);
  await workbench.page.getByRole('button', { name: 'Cancel' }).click();
  const row = workbench.row(/The Microsoft account gave no token: User did not consent to login/);
  await row.click();
  await expect(row).toHaveCount(0);
  await expect(workbench.row(/^Subscription Contoso Production/)).toBeVisible();
  await expect(workbench.row(/^Subscription Fabrikam Retail/)).toBeVisible();
});

test('who has refused a step-up is not asked again by what meets the same challenge next', async ({
  workbench,
  azure,
}) => {
  for (const operation of ['resourceGraph', 'resources'] as const) {
    azure.addFault({ operation, kind: 'challenge', claims, times: 'always' });
  }
  await workbench.openView();
  await signIn(workbench);
  const dialog = workbench.page.getByRole('dialog');
  for (let tenant = 0; tenant < 2; tenant++) {
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  }
  await expect(workbench.row(/^The Microsoft account gave no token: User did not consent/)).toHaveCount(3);
  await expect(dialog).toHaveCount(0);
});

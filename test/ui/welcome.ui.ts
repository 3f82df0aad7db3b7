import { expect, test } from './workbench.ts';

// Nobody is signed in to the Azure CLI there, and a variable of the service principal is missing.
test.use({ environment: { AZURE_CONFIG_DIR: '/tmp/nobody', AZURE_CLIENT_SECRET: '', HOME: '/tmp/nobody' } });

const rows = [
  ['environment', /environment variables gave no token: Not set: AZURE_CLIENT_SECRET\. Set them/],
  ['azureCli', /Azure CLI gave no token: nobody is signed in to it\. Run "az login"/],
  [
    'default',
    /DefaultAzureCredential found no identity that gives a token: none is set up .* Run "az login"/,
  ],
] as const;
test('each credential says that it failed, why, and what mends it', async ({ workbench, vscode, azure }) => {
  await workbench.openView();
  for (const [credential, reason] of rows) {
    await vscode.configure({ 'containerInstances.credential': credential });
    await expect(workbench.page.getByText(reason)).toBeVisible();
    await expect(workbench.row(/^Choose Another Credential/)).toBeVisible();
  }
  expect(azure.requests.filter(({ operation }) => operation === 'subscriptions')).toHaveLength(0);
});

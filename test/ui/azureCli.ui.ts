import { expect, test } from './workbench.ts';

test.use({ hasAzureCli: true });

test('the credential azureCli lists, and Exec opens a shell', async ({ workbench, vscode }) => {
  await vscode.configure({ 'containerInstances.credential': 'azureCli' });
  await workbench.openView();
  const row = workbench.row(/^Container group shop-web, Running/);
  await workbench.contextMenu(row, 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
});

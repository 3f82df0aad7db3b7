import { expect, test } from './workbench.ts';

test.use({ credential: 'azureCli' });

for (const credential of ['azureCli', 'default'] as const) {
  test(`the credential ${credential} lists, and Exec opens a shell`, async ({ workbench, vscode }) => {
    await vscode.configure({ 'containerInstances.credential': credential });
    await workbench.openView();
    const row = workbench.row(/^Container group shop-web, Running/);
    await workbench.contextMenu(row, 'Exec');
    await expect(workbench.terminal).toContainText('SandboxHost');
  });
}

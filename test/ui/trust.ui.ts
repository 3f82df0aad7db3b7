import { hostileWorkspace, visits } from './hostileWorkspace.ts';
import { expect, test } from './workbench.ts';

test.use({ files: hostileWorkspace });

test('a trusted workspace chooses neither the cloud nor the credential, and the view says so', async ({
  workbench,
}) => {
  await workbench.openView();
  await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
  await expect(
    workbench.page.getByText(
      /settings of this workspace are not followed for .*microsoft-sovereign-cloud\.environment, microsoft-sovereign-cloud\.customEnvironment/,
    ),
  ).toBeVisible();
  expect(visits()).toBe(0);
});

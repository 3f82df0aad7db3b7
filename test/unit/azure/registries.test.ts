import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { azureRegistryOf } from '../../../src/azure/registries.ts';

describe('azureRegistryOf', () => {
  for (const [image, server] of [
    ['contoso.azurecr.io/web:1', 'contoso.azurecr.io'],
    ['Contoso.AzureCR.cn/team/web@sha256:abc', 'contoso.azurecr.cn'],
    ['contoso-abc123.azurecr.us/web', 'contoso-abc123.azurecr.us'],
    ['nginx', undefined],
    ['azurecr.io/web', undefined],
    ['contoso.azurecr.io.example/web', undefined],
    ["x' or 1.azurecr.io/web", undefined],
  ] as const) {
    it(`${image} comes from ${server ?? 'no registry of Azure'}`, () =>
      assert.equal(azureRegistryOf(image), server));
  }
});

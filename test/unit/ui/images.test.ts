import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortImage } from '../../../src/ui/messages/images.ts';

const digest = '0123456789abcdef'.repeat(4);

describe('shortImage', () => {
  const images = [
    ['contoso.azurecr.io/orders/api:4.12.0', 'orders/api:4.12.0'],
    ['localhost/api', 'api'],
    ['localhost:5000/api:1', 'api:1'],
    ['mcr.microsoft.com/azuredocs/aci-helloworld', 'azuredocs/aci-helloworld'],
    ['library/nginx:1.27', 'library/nginx:1.27'],
    ['nginx', 'nginx'],
    ['nginx:1.27', 'nginx:1.27'],
    [`contoso.azurecr.io/api@sha256:${digest}`, 'api@0123456'],
    [`api:2@sha256:${digest}`, 'api:2@0123456'],
    ['', ''],
  ] as const;
  for (const [reference, expected] of images) {
    it(`${reference} is ${expected}`, () => assert.equal(shortImage(reference), expected));
  }
});

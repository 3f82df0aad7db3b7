import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { publicAddresses } from '../../../src/azure/publicAddresses.ts';

const ports = [{ port: 80, protocol: 'TCP' }];

describe('publicAddresses', () => {
  it('are http or https by the port, at the name rather than at the address', () => {
    const group = {
      ipAddress: {
        type: 'Public',
        ip: '20.1.2.3',
        fqdn: 'shop.westeurope.azurecontainer.io',
        ports: [80, 443, 8080, 8443].map((port) => ({ port, protocol: 'TCP' })),
      },
    };
    assert.deepEqual(
      publicAddresses(group).map(({ url }) => url),
      [
        'http://shop.westeurope.azurecontainer.io/',
        'https://shop.westeurope.azurecontainer.io/',
        'http://shop.westeurope.azurecontainer.io:8080/',
        'https://shop.westeurope.azurecontainer.io:8443/',
      ],
    );
  });

  it('are there for TCP on a public address only', () => {
    const address = { type: 'Public', ip: '20.1.2.3', fqdn: undefined, ports };
    assert.equal(publicAddresses({ ipAddress: address })[0]?.url, 'http://20.1.2.3/');
    assert.equal(
      publicAddresses({ ipAddress: { ...address, ip: '2001:db8::1' } })[0]?.url,
      'http://[2001:db8::1]/',
    );
    for (const ipAddress of [
      undefined,
      { ...address, type: 'Private' },
      { ...address, ip: undefined },
      { ...address, ports: [{ port: 53, protocol: 'UDP' }] },
    ]) {
      assert.deepEqual(publicAddresses({ ipAddress }), []);
    }
  });

  it('lead to nothing but the host that Azure names, whatever the text', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'a.b@evil.example',
        'a.b/../c',
        'javascript:alert(1)',
        'a.b:99',
        'a.b?x',
        'a.b#x',
        'a b.c',
      ),
    );
    fc.assert(
      fc.property(odd, (fqdn) => {
        for (const { url } of publicAddresses({
          ipAddress: { type: 'Public', ip: undefined, fqdn, ports },
        })) {
          const { protocol, hostname, username, pathname, search, hash } = new URL(url);
          assert.deepEqual([protocol, username, pathname, search, hash], ['http:', '', '/', '', '']);
          assert.equal(hostname, fqdn.toLowerCase());
        }
      }),
    );
  });
});

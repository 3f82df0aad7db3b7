import { describe, it } from 'node:test';
import { expectProbesUnseen } from '../../support/exec/probes.ts';

describe('ProbeFilter, in thousands of cases', () => {
  it('leaves the same screen as without probes, wherever they stand and frames end; none is missed', () =>
    expectProbesUnseen(1_000));
});

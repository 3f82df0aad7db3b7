import { ResourceIdMap } from '../../azure/resourceIds.ts';

/** Which branches are unfolded, and which of them was last. It outlives the rows, so that a branch comes back as it was. */
export class Unfolding {
  /** Which unfolding it was, 0 for a branch that was never folded; undefined for one that is folded. */
  private readonly turns = new ResourceIdMap<number | undefined>();
  private last = 0;

  /** Whether a branch is unfolded; one that is seen for the first time begins as told. */
  begin(branchId: string, isUnfolded: boolean): boolean {
    if (!this.turns.has(branchId)) {
      this.turns.set(branchId, isUnfolded ? 0 : undefined);
    }
    return this.turns.get(branchId) !== undefined;
  }

  set(branchId: string, isUnfolded: boolean): void {
    this.turns.set(branchId, isUnfolded ? ++this.last : undefined);
  }

  /** The unfolded ones of these, the one unfolded last first. */
  ofUnfolded<T extends { readonly id: string }>(branches: readonly T[]): readonly T[] {
    return branches
      .flatMap((branch) => {
        const turn = this.turns.get(branch.id);
        return turn === undefined ? [] : [{ branch, turn }];
      })
      .toSorted((a, b) => b.turn - a.turn)
      .map(({ branch }) => branch);
  }
}

/** What the store wants done beside the work of the daemon. */
export interface UpkeepPort {
  /**
   * Copies what was written of late from the journal into the file, where so much has gathered that it pays. Whoever
   * writes does not wait for it. Resolves to the pages that are left.
   */
  checkpoint(): Promise<number>;
}

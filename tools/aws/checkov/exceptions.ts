/** A check of checkov's that fails and may, and why. */
export interface CheckovException {
  readonly check: string;
  /** The Terraform addresses it may fail for. */
  readonly resource: RegExp;
  readonly reason: string;
}

export const checkovExceptions: readonly CheckovException[] = [];

export type PackageErrorCode =
  | "PACKAGE_NO_DATE" // neither SOURCE_DATE_EPOCH nor a commit says when this was made
  | "PACKAGE_NOT_LOCKED" // package-lock.json does not pin the runtime for this architecture
  | "PACKAGE_RUNTIME_UNFETCHED" // the runtime for a foreign architecture could not be had from the registry
  | "PACKAGE_RUNTIME_DIFFERS" // what came is not what package-lock.json pins
  | "PACKAGE_TOOL_MISSING" // this machine has no dpkg-deb
  | "PACKAGE_TOOL_FAILED"; // dpkg-deb or tar refused

/** Packaging stops at the first of these. */
export class PackageError extends Error {
  readonly code: PackageErrorCode;
  constructor(code: PackageErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "PackageError";
    this.code = code;
  }
}

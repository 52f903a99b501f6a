export type BuildErrorCode =
  | "BUILD_ENTRY_MISSING" // an entry's source file does not exist
  | "BUILD_MODULE_MISSING" // something an entry imports cannot be found: a native or optional package, or a typing slip
  | "BUILD_FAILED" // anything else the bundler says
  | "BUILD_FORBIDDEN_MODULE" // a bundle holds a package or folder it must not load
  | "BUILD_NOT_LIBRARY_FREE" // a module that must load no library does
  | "BUILD_LICENCE_REFUSED" // a bundled package's licence is not on the list
  | "BUILD_LICENCE_TEXT_MISSING" // a bundled package comes without the text its licence asks us to pass on
  | "BUILD_RELEASE_UNPROVEN" // a release without Node's published checksums to hold its runtime against
  | "BUILD_PREBUILD_MISSING"; // the serial binding has no prebuilt file for a platform we ship for

/** The build stops at the first of these: a wrong bundle is worse than none. */
export class BuildError extends Error {
  readonly code: BuildErrorCode;
  constructor(code: BuildErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "BuildError";
    this.code = code;
  }
}

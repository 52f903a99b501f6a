/** What `holdfast version`, births and the version topic say. A test holds it against package.json. */
export const VERSION = "0.1.0";

/** What executes it, as the version topic says. */
export const RUNTIME = `node ${process.versions.node} ${process.platform}-${process.arch}`;

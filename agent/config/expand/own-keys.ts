/** Keys of the top level that are about the files themselves, and gone once they are written out. */
export const OWN_KEYS = ["extends", "variables", "templates"] as const;
export type OwnKey = (typeof OWN_KEYS)[number];

/** One bundle: a process of the gateway, or a command. */
export interface Entry {
  /** `dist/bundle/<name>.js` */
  readonly name: string;
  /** from the root of the tree */
  readonly source: string;
  /** Packages that must not end in this bundle: what a process never touches, it does not load either. */
  readonly without: readonly string[];
  /** Modules that must load no library at all, together with everything they import statically. */
  readonly withoutLibraries: readonly string[];
}

/** What only tests, demos and workstations use. */
const NEVER_ON_A_GATEWAY = ["node-forge", "aedes", "@lydell/node-pty", "sparkplug-payload", "fast-check", "vitest"];
const FIELD_LIBRARIES = ["serialport", "modbus-serial"];
const UPLINK_LIBRARIES = ["mqtt", "@bufbuild/protobuf"];
/** Files are compiled by the command; rooms load the snapshot and check messages by interpreting their schema. */
const COMPILERS = ["yaml", "typebox/compile"];

export const ENTRIES: readonly Entry[] = [
  {
    name: "keeper",
    source: "agent/process/keeper.ts",
    without: [...NEVER_ON_A_GATEWAY, ...FIELD_LIBRARIES, ...UPLINK_LIBRARIES, ...COMPILERS],
    withoutLibraries: [],
  },
  {
    name: "field",
    source: "agent/process/field.ts",
    without: [...NEVER_ON_A_GATEWAY, ...UPLINK_LIBRARIES, ...COMPILERS],
    withoutLibraries: [],
  },
  {
    name: "uplink",
    source: "agent/process/uplink.ts",
    without: [...NEVER_ON_A_GATEWAY, ...FIELD_LIBRARIES, ...COMPILERS],
    withoutLibraries: [],
  },
  {
    name: "holdfast",
    source: "agent/main.ts",
    without: NEVER_ON_A_GATEWAY,
    // the supervisor runs as long as the gateway does: each library it loaded would be memory for nothing
    withoutLibraries: ["agent/main.ts", "agent/cli/run.ts"],
  },
];

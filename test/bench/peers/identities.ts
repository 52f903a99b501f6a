/** The gateway under test, as its configuration and its certificate name it. */
export const GATEWAY = { site: "bench", device: "gateway-1", group: "bench", edgeNode: "gateway-1" } as const;
/** The common name of whoever waits for marks. */
export const OBSERVER = "observer";

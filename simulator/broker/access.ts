/** Topic filters a client may publish to and subscribe to. Everything else is refused. */
export interface Access {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** What the broker of a plant lets one gateway do: speak for itself, hear what is said to it. */
export function gatewayAccess(gateway: {
  readonly group: string;
  readonly edgeNode: string;
  readonly site: string;
  readonly device: string;
}): Access {
  const { group, edgeNode, site, device } = gateway;
  const management = `holdfast/v1/${site}/${device}/#`;
  return {
    publish: [`spBv1.0/${group}/+/${edgeNode}/#`, management],
    subscribe: [
      `spBv1.0/${group}/NCMD/${edgeNode}/#`,
      `spBv1.0/${group}/DCMD/${edgeNode}/#`,
      "spBv1.0/STATE/#",
      management,
    ],
  };
}

/** Somebody who watches everything and may send commands, which gateways are free to refuse. */
export function observerAccess(group: string): Access {
  return {
    publish: [`spBv1.0/${group}/NCMD/#`, `spBv1.0/${group}/DCMD/#`, "spBv1.0/STATE/#"],
    subscribe: ["#"],
  };
}

/** Whether every topic that `requested` matches is one that `allowed` matches. A plain topic is a filter of itself. */
export function covers(allowed: string, requested: string): boolean {
  const wide = allowed.split("/");
  const narrow = requested.split("/");
  for (const [i, level] of wide.entries()) {
    // MQTT 3.1.1 §4.7.1.2: a/# matches a as well
    if (level === "#") return true;
    const asked = narrow[i];
    if (asked === undefined || asked === "#") return false;
    if (level !== "+" && level !== asked) return false;
  }
  return narrow.length === wide.length;
}

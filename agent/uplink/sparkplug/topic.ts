/** Who publishes: the pair that must be unique in the whole installation. */
export interface EdgeNodeId {
  readonly group: string;
  readonly edgeNode: string;
}

const NAMESPACE = "spBv1.0";

export type NodeVerb = "NBIRTH" | "NDATA" | "NDEATH" | "NCMD";
export type DeviceVerb = "DBIRTH" | "DDATA" | "DDEATH" | "DCMD";

/** Names come from the configuration, whose schema allows no `/`, `+` or `#`. @see Sparkplug B 3.0 §4 */
export function nodeTopic(id: EdgeNodeId, verb: NodeVerb): string {
  return `${NAMESPACE}/${id.group}/${verb}/${id.edgeNode}`;
}

export function deviceTopic(id: EdgeNodeId, verb: DeviceVerb, device: string): string {
  return `${NAMESPACE}/${id.group}/${verb}/${id.edgeNode}/${device}`;
}

/** What an edge node listens to, at QoS 1. */
export function commandFilters(id: EdgeNodeId): readonly string[] {
  return [nodeTopic(id, "NCMD"), deviceTopic(id, "DCMD", "+")];
}

/** Where a host application says whether it is there, retained. @see Sparkplug B 3.0 §4.2.3 */
export function stateTopic(hostId: string): string {
  return `${NAMESPACE}/STATE/${hostId}`;
}

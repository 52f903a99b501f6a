export { gatewayAccess, observerAccess } from "./access.ts";
export type { Access } from "./access.ts";
export { openBroker } from "./broker.ts";
export type { BrokerOptions, EmbeddedBroker } from "./broker.ts";
export type { PublishRecord, Received } from "./record.ts";
export { openLimitedBroker } from "./limited/broker.ts";
export type { LimitedBroker } from "./limited/broker.ts";

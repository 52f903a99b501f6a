/** Brokers whose limits are known; `generic` has none but the standard's. */
export const PROFILE_NAMES = ["generic", "mosquitto", "emqx", "hivemq", "aws-iot-core", "azure-event-grid"] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

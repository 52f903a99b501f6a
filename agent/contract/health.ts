import type { XStatic } from "typebox/schema";

/** The next health is published within this time, changed or not: longer silence is staleness. */
export const HEALTH_PERIOD_S = 900;
/** An MQTT 5 broker forgets a retained health after so many periods without another. */
export const HEALTH_EXPIRY_PERIODS = 3;
/** Fault codes told apart in one health; further ones are left out. */
export const HEALTH_FAULTS_MAX = 32;

const count = (description: string) => ({ type: "integer", minimum: 0, description }) as const;

/** How many of them work. */
const share = (description: string) =>
  ({
    type: "object",
    description,
    additionalProperties: false,
    required: ["online", "total"],
    properties: { online: count("That work now."), total: count("That are configured.") },
  }) as const;

const FieldFacts = {
  type: "object",
  description: "The field side, as it was at most a second before; absent while field is away.",
  additionalProperties: false,
  required: ["buses", "devices", "queue", "faults"],
  properties: {
    buses: share("Buses: a line or socket that is open works."),
    devices: share("Field devices: one that answered last works."),
    queue: {
      type: "object",
      description: "Values sampled and not yet acknowledged by the broker.",
      additionalProperties: false,
      required: ["values", "valuesMax", "dropped"],
      properties: {
        values: count("In the queue now."),
        valuesMax: count("That it has room for."),
        dropped: count("Lost to a full queue since field started; marks declare each as a gap."),
      },
    },
    faults: {
      type: "object",
      description:
        "What is wrong now: code to the number of buses and devices that have it. Codes that no packet has room for are left out, the last first.",
      additionalProperties: { type: "integer", minimum: 1 },
      propertyNames: { type: "string", maxLength: 64 },
      maxProperties: HEALTH_FAULTS_MAX,
    },
    alarms: {
      type: "object",
      description: "Alarms of the plant and of the gateway itself; absent where none is configured and none stands.",
      additionalProperties: false,
      required: ["raised", "unacknowledged"],
      properties: {
        raised: count("Whose condition holds, acknowledged or not; without those that are shelved or suppressed."),
        unacknowledged: count("That wait for somebody, whether or not their condition still holds."),
      },
    },
  },
} as const;
export type FieldFacts = XStatic<typeof FieldFacts>;

/** field → uplink. How the field side is, whenever that changed, at most once a second. */
export const FieldHealth = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "facts"],
  properties: { kind: { const: "field-health" }, facts: FieldFacts },
} as const;
export type FieldHealth = XStatic<typeof FieldHealth>;

const room = (description: string) => ({ enum: ["running", "away"], description }) as const;

/** How the gateway is. Its last word may be wrong: death is an NDEATH with the same `bdSeq`, or silence. */
export const HealthMessage = {
  type: "object",
  description:
    "How the gateway is. Of a gateway that died, the retained one still says online: it is dead once an NDEATH with the same bdSeq was heard, or nothing for longer than periodS.",
  additionalProperties: false,
  required: ["online", "timeMs", "periodS", "bdSeq", "clock", "rooms", "uplink"],
  properties: {
    online: {
      type: "boolean",
      description: "False in the last message before a deliberate goodbye to this broker, true in every other.",
    },
    timeMs: { type: "number", description: "When it was published, Unix milliseconds by the gateway's clock." },
    periodS: count("The next one comes within this time, changed or not. Seconds."),
    bdSeq: {
      type: "integer",
      minimum: 0,
      maximum: 255,
      description: "Of this connection's Sparkplug session: an NDEATH that carries it is the death of this gateway.",
    },
    clock: { enum: ["untrusted", "bounded", "trusted"], description: "How far the gateway's clock may be believed." },
    rooms: {
      type: "object",
      description: "The other processes, as uplink sees them. What publishes this is uplink.",
      additionalProperties: false,
      required: ["field", "keeper"],
      properties: {
        field: room("Buses, points and the queue."),
        keeper: room("Configuration and the control socket."),
      },
    },
    field: FieldFacts,
    uplink: {
      type: "object",
      description: "Since uplink started.",
      additionalProperties: false,
      required: ["connects", "writesRefused", "rebirthsRefused", "malformedMessages", "oversizeMessages"],
      properties: {
        connects: count("Connections to a broker."),
        writesRefused: count("Metrics in NCMD and DCMD other than Node Control/Rebirth."),
        rebirthsRefused: count("Rebirth commands over the rate limit."),
        malformedMessages: count("Commands that did not decode."),
        oversizeMessages: count("Packets longer than allowed."),
        lastFault: {
          type: "object",
          description: "Why there was no connection, or what else went wrong, last.",
          additionalProperties: false,
          required: ["code", "timeMs"],
          properties: {
            code: { type: "string", maxLength: 64, description: "As `holdfast status` shows it." },
            timeMs: { type: "number", description: "When, Unix milliseconds by the gateway's clock." },
          },
        },
      },
    },
  },
} as const;
export type HealthMessage = XStatic<typeof HealthMessage>;

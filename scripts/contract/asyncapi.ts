import { CHANNELS, TOPIC_PARAMETERS } from "../../agent/contract/channels.ts";
import type { ChannelFacts, TopicParameter } from "../../agent/contract/channels.ts";
import type { Examples } from "./examples.ts";
import { CONTRACT_VERSION, titleOf } from "./schemas.ts";

const SPARKPLUG = {
  url: "https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf",
  description: "Sparkplug 3.0.0",
} as const;
/** Of AsyncAPI's MQTT bindings. */
const BINDING_VERSION = "0.2.0";

/** Payload of every Sparkplug B message, which is defined elsewhere. */
const SPARKPLUG_PAYLOAD = {
  type: "string",
  format: "binary",
  description:
    "A Sparkplug B payload: Protocol Buffers, message org.eclipse.tahu.protobuf.Payload. `holdfast telemetry decode` shows one to a person.",
  externalDocs: SPARKPLUG,
} as const;

/** The contract as one AsyncAPI 3.0 document. `send` and `receive` are the gateway's own. @see https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncApiDocument(examples: Examples): object {
  return {
    asyncapi: "3.0.0",
    id: "urn:holdfast:gateway",
    info: {
      title: "Holdfast gateway",
      version: `${CONTRACT_VERSION}.0.0`,
      description:
        "What a gateway says and hears at its broker: telemetry in Sparkplug B, and beside it a namespace of its own for whoever manages gateways. Made from the schemas that the gateway itself checks with.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    servers: servers(),
    channels: Object.fromEntries(CHANNELS.map((channel) => [channel.name, channelObject(channel)])),
    operations: Object.fromEntries(CHANNELS.flatMap(operations)),
    components: {
      messages: Object.fromEntries(CHANNELS.map((channel) => [channel.name, message(channel, examples)])),
      schemas: {
        ...Object.fromEntries(
          CHANNELS.flatMap(({ name, schema }) =>
            schema === undefined ? [] : [[name, { title: titleOf(name), ...schema }]],
          ),
        ),
        sparkplug: SPARKPLUG_PAYLOAD,
      },
      parameters: Object.fromEntries(
        Object.entries(TOPIC_PARAMETERS).map(([name, description]) => [
          name,
          { description, ...(name === "prefix" ? { default: `holdfast/v${CONTRACT_VERSION}` } : {}) },
        ]),
      ),
      securitySchemes: {
        certificate: {
          type: "X509",
          description: "Mutual TLS 1.3 (1.2 for a broker that is configured so). Always: no flag turns it off.",
        },
        password: {
          type: "userPassword",
          description:
            "User name and password in CONNECT for a broker that wants them: beside the certificate, never in its place.",
        },
      },
    },
  };
}

function servers(): object {
  // a list here means any of them, and the certificate is always wanted
  const security = [{ $ref: "#/components/securitySchemes/certificate" }];
  const variables = { broker: { description: "Host name of a broker in the gateway's configuration." } };
  const bindings = {
    mqtt: {
      cleanSession: true,
      lastWill: {
        topic: "spBv1.0/{group}/NDEATH/{edgeNode}",
        qos: 1,
        message:
          "The NDEATH of this connection, with the bdSeq that its health carries: the one Will MQTT has serves both.",
        retain: false,
      },
      bindingVersion: BINDING_VERSION,
    },
  };
  const description = "MQTT 5 where the broker has it, 3.1.1 everywhere. The gateway dials out; nothing dials in.";
  return {
    tcp: {
      host: "{broker}:8883",
      protocol: "secure-mqtt",
      protocolVersion: "5",
      description,
      variables,
      security,
      bindings,
    },
    webSocket: {
      host: "{broker}:443",
      pathname: "/mqtt",
      protocol: "wss",
      description: "MQTT in WebSocket frames, subprotocol mqtt.",
      variables,
      security,
      bindings,
    },
  };
}

function channelObject({ name, address, summary, when }: ChannelFacts): object {
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter as TopicParameter);
  return {
    address,
    title: titleOf(name),
    summary,
    description: `Sent ${when}.`,
    parameters: Object.fromEntries(parameters.map((one) => [one, { $ref: `#/components/parameters/${one}` }])),
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    ...(address.startsWith("spBv1.0/") ? { externalDocs: SPARKPLUG } : {}),
  };
}

function operations({ name, direction, summary, qos, retain, expiryS }: ChannelFacts): readonly [string, object][] {
  const operation = (action: "send" | "receive"): [string, object] => [
    `${action}${titleOf(name)}`,
    {
      action,
      channel: { $ref: `#/channels/${name}` },
      summary,
      messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
      bindings: {
        mqtt: {
          qos,
          retain,
          ...(expiryS === undefined ? {} : { messageExpiryInterval: expiryS }),
          bindingVersion: BINDING_VERSION,
        },
      },
    },
  ];
  return direction === "both" ? [operation("send"), operation("receive")] : [operation(direction)];
}

function message({ name, summary, schema, opaque }: ChannelFacts, examples: Examples): object {
  const described = { name, title: titleOf(name), summary };
  if (opaque === true) {
    return { ...described, contentType: "application/octet-stream", payload: { type: "string", format: "binary" } };
  }
  if (schema === undefined) {
    return {
      ...described,
      contentType: "application/x-protobuf",
      payload: { $ref: "#/components/schemas/sparkplug" },
    };
  }
  const shown = examples.get(name) ?? [];
  return {
    ...described,
    contentType: "application/json",
    payload: { $ref: `#/components/schemas/${name}` },
    ...(shown.length === 0 ? {} : { examples: shown }),
  };
}

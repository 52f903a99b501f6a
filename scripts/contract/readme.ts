import { CHANNELS, TOPIC_PARAMETERS } from "../../agent/contract/channels.ts";
import type { ChannelFacts } from "../../agent/contract/channels.ts";
import type { Examples } from "./examples.ts";
import { isManagement, titleOf } from "./schemas.ts";

/** The contract for people: who says what where, with a real message of each kind. */
export function readme(examples: Examples): string {
  const management = CHANNELS.filter(({ address }) => address.startsWith("{prefix}/"));
  const sparkplug = CHANNELS.filter(({ address }) => !address.startsWith("{prefix}/"));
  return `# The MQTT contract

What a gateway says and hears at its broker. This page, [asyncapi.json](asyncapi.json) (AsyncAPI 3.0), the JSON Schemas
(2020-12) and the access rules in [acl/](acl) are made by \`npm run contract\` from the schemas that the gateway itself checks
with; a test fails where they differ. How the telemetry works: [telemetry](../understand/telemetry.md).

## Management topics

${table(management)}

## Sparkplug topics

${table(sparkplug)}

Payloads of these are Sparkplug B's, except STATE, which is JSON. Births, data and deaths are at the QoS that Sparkplug 3.0 demands.

| In a topic | Is |
|---|---|
${Object.entries(TOPIC_PARAMETERS)
  .map(([name, description]) => `| \`{${name}}\` | ${description} |`)
  .join("\n")}

## When a gateway dies

MQTT has one Will for each connection, and Sparkplug takes it: the **NDEATH is the last will of the management topics, too**
([decision](../decisions/README.md)). A consumer of \`health\` therefore takes a gateway for dead when it hears an NDEATH whose
\`bdSeq\` is the one in the newest \`health\`, or when nothing came for longer than \`periodS\` (allow one period more for a slow link). A gateway that
leaves on purpose says \`"online": false\` first, and that stays retained. Of one that died, an MQTT 5 broker forgets the retained
\`health\` after three periods; one that speaks 3.1.1 keeps it, so look at \`timeMs\`, or, where \`clock\` is not trusted, at when you heard it last. An NDEATH with another \`bdSeq\` is that of an
older connection and means nothing.

Births are the first thing an edge node may publish (Sparkplug 3.0, tck-id-principles-birth-certificates-order), so a gateway
that is connected and waits for its primary host says nothing here either: what is retained is then from before, and by its
\`timeMs\` and the NDEATH that ended it no longer true.

A broker that keeps no retained messages (\`retains: false\`) hears the same messages, not retained.

## Messages

${CHANNELS.filter(isManagement)
  .map((channel) => section(channel, examples))
  .join("\n")}
## Access rules

| Broker | File | For one configuration |
|---|---|---|
| Mosquitto | [acl/mosquitto.acl](acl/mosquitto.acl) | \`holdfast config acl --broker mosquitto gateway.yaml\` |
| EMQX 5 | [acl/emqx.conf](acl/emqx.conf) | \`holdfast config acl --broker emqx gateway.yaml\` |

\`--host NAME\` prints the rules of a host application instead, \`--identity NAME\` says whom the broker takes the gateway for where
that is not the common name of its certificate. The files' own comments say how the broker has to be configured.
`;
}

function table(channels: readonly ChannelFacts[]): string {
  const rows = channels.map(({ name, address, direction, qos, retain, when, schema }) => {
    const who = { send: "gateway", receive: "host", both: "gateway to itself" }[direction];
    const shape = schema !== undefined && address.startsWith("{prefix}/") ? `[${name}](schemas/${name}.json)` : "";
    return `| \`${address}\` | ${who} | ${qos} | ${retain ? "yes" : "no"} | ${when} | ${shape} |`;
  });
  return `| Topic | Sent by | QoS | Retained | When | Schema |\n|---|---|---|---|---|---|\n${rows.join("\n")}`;
}

function section({ name, summary }: ChannelFacts, examples: Examples): string {
  const shown = (examples.get(name) ?? [])
    .map((example) => `${example.summary}\n\n\`\`\`json\n${JSON.stringify(example.payload, undefined, 2)}\n\`\`\`\n`)
    .join("\n");
  return `### ${titleOf(name)}\n\n${summary}\n\n${shown}`;
}

import { gatewayGrants, hostGrants } from "../../contract/grants.ts";
import type { Names } from "../../contract/grants.ts";
import { EMQX_END, emqxPattern, emqxUser } from "./emqx.ts";
import { mosquittoPattern, mosquittoUser } from "./mosquitto.ts";

const HOST = "scada";

/** Every gateway by one rule: a level of its topics is who it is, whatever the group and site. */
function anyGateway(identity: string): Names {
  return { prefix: "holdfast/v1", site: "+", device: identity, group: "+", edgeNode: identity, host: "+" };
}

/** Every gateway as one host application sees it. */
const ANY_GATEWAY: Names = { ...anyGateway("+"), host: HOST };

/** An `acl_file` for a whole site. */
export function mosquittoTemplate(): string {
  return `# Access rules for Mosquitto, made from the contract by \`npm run contract\`. What no line allows is denied.
#
# They fit where the common name of each gateway's certificate, its device and its edge node are one and the same, and
# no two gateways of this broker share it. In mosquitto.conf:
#
#   allow_anonymous false
#   require_certificate true
#   use_identity_as_username true
#   acl_file /etc/mosquitto/holdfast.acl
#
# %u is then that common name, which only the owner of the key can claim. (%c, the client id, is what a client says of
# itself: use it only where the broker ties it to the certificate.) A pattern holds for every user, so a host application
# must not be named like a gateway. Gateways with other names, groups or prefixes: holdfast config acl.

${mosquittoPattern(gatewayGrants(anyGateway("%u")))}
# A host application that observes and commands every gateway. One such block each, "user" followed by its common name.

${mosquittoUser(HOST, hostGrants(ANY_GATEWAY))}`;
}

/** An `acl.conf` for a whole site. */
export function emqxTemplate(): string {
  return `%% Access rules for EMQX 5, made from the contract by \`npm run contract\`. The first rule that matches decides.
%%
%% They fit where the common name of each gateway's certificate, its device and its edge node are one and the same, and
%% no two gateways of this broker share it. In emqx.conf:
%%
%%   listeners.ssl.default.ssl_options { verify = verify_peer, fail_if_no_peer_cert = true }
%%   mqtt.peer_cert_as_username = cn
%%   authorization {
%%     no_match = deny
%%     deny_action = disconnect
%%     sources = [{ type = file, enable = true, path = "etc/acl.conf" }]
%%   }
%%
%% \${username} is then that common name, which only the owner of the key can claim. (\${clientid} is what a client says
%% of itself: use it only with mqtt.peer_cert_as_clientid = cn.) deny_action = disconnect makes a forbidden publish at
%% QoS 0 visible; with the default, ignore, the broker drops it in silence. A host application must not be named like a
%% gateway. Gateways with other names, groups or prefixes: holdfast config acl.

%% A placeholder is matched as a filter: a name with a wildcard in it would be everybody.
{deny, {username, {re, "[+#/]"}}, all, ["#"]}.

%% A host application that observes and commands every gateway. One such pair each. Its subscriptions are compared as
%% filters, and hosts ask for everything at once.
${emqxUser(HOST, { ...hostGrants(ANY_GATEWAY), subscribe: ["holdfast/v1/#", "spBv1.0/#"] })}
%% Every gateway.
${emqxPattern(gatewayGrants(anyGateway("${username}")))}
${EMQX_END}`;
}

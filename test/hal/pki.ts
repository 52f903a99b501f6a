import { demoPki } from "../../scripts/pki/demo.ts";
import type { TlsPki } from "./tls.contract.ts";

/** One site's broker and gateway, and a gateway of another site. */
export function testPki(): TlsPki {
  const site = demoPki();
  return {
    server: site.broker("localhost", "127.0.0.1"),
    client: site.gateway("client"),
    stranger: demoPki().gateway("client"),
  };
}

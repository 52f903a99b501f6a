import type { Cause } from "./cause.ts";
import { FIELD_CAUSES } from "./causes-field.ts";
import { MACHINE_CAUSES } from "./causes-machine.ts";
import { PLANT_CAUSES } from "./causes-plant.ts";
import { PROXY_CAUSES } from "./causes-proxy.ts";
import { SERVICE_CAUSES } from "./causes-services.ts";
import { UPLINK_CAUSES } from "./causes-uplink.ts";

export const CAUSES = {
  ...FIELD_CAUSES,
  ...MACHINE_CAUSES,
  ...PLANT_CAUSES,
  ...PROXY_CAUSES,
  ...SERVICE_CAUSES,
  ...UPLINK_CAUSES,
} as const;
export type CauseCode = keyof typeof CAUSES;

const UNKNOWN: Cause = {
  title: {
    en: "Something is wrong that this version has no words for.",
    de: "Etwas stimmt nicht, wofür diese Version keine Worte hat.",
  },
  steps: [
    {
      en: "Look at `journalctl --namespace=holdfast` and report the code.",
      de: "`journalctl --namespace=holdfast` ansehen und den Code melden.",
    },
  ],
};

/** What a code means. Codes are contract, and a gateway may be newer than who reads it. */
export function causeOf(code: string): Cause {
  return Object.hasOwn(CAUSES, code) ? CAUSES[code as CauseCode] : UNKNOWN;
}

import type { Clock } from "../../hal/clock.ts";
import type { Disk } from "../../hal/disk.ts";
import { decodeFieldToKeeper, decodeUplinkToKeeper } from "../contract/decode.ts";
import type { Door } from "../contract/door.ts";
import type { Log } from "../contract/log.ts";
import type {
  Configured,
  ControlReply,
  ControlRequest,
  FieldAnswer,
  FieldOrder,
  FieldStatusReply,
  FieldToKeeper,
  KeeperToField,
  OutputsOrder,
  KeeperToUplink,
  StatusQuery,
  UplinkStatusReply,
  UplinkToKeeper,
} from "../contract/rooms.ts";
import type { Standing } from "../contract/standing.ts";
import type { GatewayStatus } from "../contract/status.ts";
import { openControl } from "./control.ts";
import { openCell } from "../../hal/storage/cell.ts";
import { keptIn, keptOn } from "./kept.ts";
import { openConfigurations } from "./offer.ts";
import type { ConfiguredRoom } from "./offer.ts";
import { decodeOrders, RememberedOrders } from "./remembered-orders.ts";
import { openRoomLink } from "./room-link.ts";

export interface KeeperParts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly field: Door;
  readonly uplink: Door;
  readonly control: Door;
  readonly log: Log;
  readonly version: string;
  readonly standing?: Standing;
}

/**
 * Runs until `signal` aborts: decides which configuration the gateway runs, hands each room its part, and answers the
 * local control socket. The other rooms go on without it.
 */
export async function runKeeper(parts: KeeperParts, signal: AbortSignal): Promise<void> {
  const log = parts.log;
  let distribute = (): void => {};
  const configurations = await openConfigurations(keptOn(parts.disk), log, () => distribute());
  const answered = (room: ConfiguredRoom) => (answer: Configured) => {
    if (answer.refused !== undefined) log.warn("configuration.refused", { peer: room, ...answer.refused });
    configurations
      .answered(room, answer)
      .catch((error: unknown) => log.error("configuration.not-stored", { peer: room, cause: String(error) }));
  };

  let fieldDigest: string | undefined;
  await using field = await openRoomLink<FieldToKeeper, KeeperToField, FieldStatusReply | FieldAnswer>(
    { clock: parts.clock, door: parts.field, log, name: "field" },
    decodeFieldToKeeper,
    (message) => (message.kind === "configured" || message.kind === "written" ? undefined : message),
    {
      configured(answer) {
        fieldDigest = answer.digest;
        answered("field")(answer);
        orders.deliver();
      },
    },
  );
  await using uplink = await openRoomLink<UplinkToKeeper, KeeperToUplink, UplinkStatusReply>(
    { clock: parts.clock, door: parts.uplink, log, name: "uplink" },
    decodeUplinkToKeeper,
    (message) => (message.kind === "uplink-status" ? message : undefined),
    { configured: answered("uplink") },
  );
  using orders = await RememberedOrders.open({
    clock: parts.clock,
    log,
    kept: keptIn(openCell(parts.disk, "orders"), decodeOrders),
    async ask(order) {
      const reply = await field.ask((id) => ({ ...order, id }));
      return reply?.kind === "done" ? reply : null;
    },
    settled() {
      const current = configurations.current();
      return current === undefined || current.digest === fieldDigest;
    },
  });
  distribute = () => {
    const current = configurations.current();
    if (current !== undefined) {
      field.configure(current.digest, current.field);
      uplink.configure(current.digest, current.uplink);
    }
    uplink.send({ kind: "notice", configReport: configurations.report() });
  };

  const status = async (points: boolean): Promise<GatewayStatus> => {
    const query = (id: number): StatusQuery => ({ kind: "status-query", id, points });
    const [fieldReply, uplinkReply] = await Promise.all([field.ask(query), uplink.ask(query)]);
    const current = configurations.current();
    return {
      version: parts.version,
      site: current?.field.site ?? "",
      device: current?.field.device ?? "",
      field: fieldReply?.kind === "field-status" ? fieldReply.status : null,
      uplink: uplinkReply?.status ?? null,
      configReport: configurations.report(),
    };
  };
  const order = async (request: Exclude<FieldOrder, OutputsOrder>): Promise<ControlReply> => {
    const { id } = request;
    const reply = await field.ask((asked) => ({ ...request, id: asked }));
    if (reply !== null && reply.kind !== "field-status") return { ...reply, id };
    const message = "field does not answer: it is being started again, and will do nothing of this by itself";
    return { kind: "done", id, refused: { code: "FIELD_AWAY", message } };
  };
  const answer = async (request: ControlRequest): Promise<ControlReply> => {
    const { id } = request;
    switch (request.kind) {
      case "status-query":
        return { kind: "gateway-status", id, status: await status(request.points) };
      case "apply-config": {
        const refused = await configurations.offer(request.snapshot);
        return refused === undefined ? { kind: "done", id } : { kind: "done", id, refused };
      }
      case "report-config":
        await configurations.reportFile(request.report);
        return configurations.current() === undefined
          ? { kind: "done", id, refused: { code: "CONFIG_NONE_RUNNING", message: "no earlier configuration to run" } }
          : { kind: "done", id };
      case "outputs":
        return orders.order(request);
      case "alarm":
      case "inventory-query":
        return order(request);
    }
  };
  await using _control = await openControl(parts.control, answer);
  log.info("keeper.ready");
  parts.standing?.ready(() => true);
  await aborted(signal);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
